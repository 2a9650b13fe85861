using Registry.Storage.Content;
using Registry.Storage.Repositories;

namespace Registry.Server.Control;

/// <summary>The words for what became of a release, the same with and without a running server.</summary>
public static class ReleaseText
{
    /// <summary>One sentence.</summary>
    public static string Of(RepositoryName name, ReleaseOutcome outcome) => outcome switch
    {
        ReleaseOutcome.Released => $"{name} is free: the next push or pull decides whether it is local or mirrored.",
        ReleaseOutcome.NotEmpty => $"{name} still holds images; delete them before.",
        _ => $"There is no repository {name}.",
    };
}
