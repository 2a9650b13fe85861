using Registry.Mirror.Fetches;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror;

/// <summary>What is mirrored, from where and how. Immutable. Without upstreams nothing is ever asked of anyone.</summary>
public sealed record MirrorOptions
{
    /// <summary>Name of the upstream that names without a registry host mean; null: they are all local. One of <see cref="Upstreams"/>.</summary>
    public string? Default { get; init; }

    /// <summary>Every upstream that may be asked, by distinct names.</summary>
    public IReadOnlyList<UpstreamOptions> Upstreams { get; init; } = [];

    /// <summary>
    /// Patterns of names that are never asked upstream (<c>mirror.local</c>): <c>**</c> stands for any characters, <c>*</c> for any but a slash.
    /// </summary>
    public IReadOnlyList<string> Local { get; init; } = [];

    /// <summary>How blobs are brought.</summary>
    public FetchOptions Fetch { get; init; } = new();
}
