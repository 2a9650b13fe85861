using Registry.Storage.Content;

namespace Registry.Mirror.Upstreams;

/// <summary>One question to an upstream. Immutable.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Repository">The repository as the upstream knows it.</param>
/// <param name="Path">What follows <c>/v2/NAME/</c>, escaped, with its query: <c>manifests/latest</c>, <c>blobs/sha256:…</c>, <c>tags/list?n=5</c>.</param>
public sealed record UpstreamRequest(HttpMethod Method, RepositoryName Repository, string Path)
{
    /// <summary>Media types that are understood, in order. Empty: no <c>Accept</c>, as for blobs.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>Offset of the first byte wanted; null: the whole.</summary>
    public long? RangeStart { get; init; }

    /// <summary>Offset of the last byte wanted, inclusive; null: to the end. Without <see cref="RangeStart"/> it means nothing.</summary>
    public long? RangeEnd { get; init; }

    /// <summary>
    /// Where an earlier request for the same content was redirected to (<see cref="UpstreamReply.RedirectedTo"/>): asked in place of the registry, without
    /// credentials. Null: the registry itself.
    /// </summary>
    public Uri? Shortcut { get; init; }

    /// <summary>An <see cref="UpstreamReply.ETag"/> received before, as it came; null: unconditional.</summary>
    public string? IfNoneMatch { get; init; }
}
