using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Blobs;

/// <summary>The answer to a GET or HEAD of a blob. Either a length or content, or a failure, or neither: then the repository does not have it. Owned by who asked.</summary>
public sealed class BlobAnswer : IDisposable
{
    /// <summary>The bytes; null for HEAD.</summary>
    public BlobContent? Content { get; init; }

    /// <summary>Length in bytes of a blob that exists; null while it is not known.</summary>
    public long? Length { get; init; }

    /// <summary>How the answer came about.</summary>
    public CacheStatus Status { get; init; }

    /// <summary>Why the upstream gave none.</summary>
    public UpstreamFailure? Failure { get; init; }

    /// <summary>Whether the blob exists in that repository.</summary>
    public bool Exists => Content is not null || Length is not null;

    /// <inheritdoc/>
    public void Dispose() => Content?.Dispose();
}
