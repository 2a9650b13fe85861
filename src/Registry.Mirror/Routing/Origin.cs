using Registry.Mirror.Upstreams;
using Registry.Storage.Content;

namespace Registry.Mirror.Routing;

/// <summary>A repository of an upstream. Immutable.</summary>
/// <param name="Upstream">The upstream.</param>
/// <param name="Repository">The repository's name there.</param>
public sealed record Origin(Upstream Upstream, RepositoryName Repository);
