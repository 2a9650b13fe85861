using Registry.Storage.Content;

namespace Registry.Mirror.Routing;

/// <summary>Where a name that a client used leads. Immutable.</summary>
/// <param name="Place">The repository in the store.</param>
/// <param name="Origin">Whom to ask for what is not there; null: nobody, the repository is local.</param>
public sealed record Destination(RepositoryName Place, Origin? Origin);

