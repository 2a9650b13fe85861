using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Fetches;

/// <summary>What a source answered: a failure, or a body and where in the blob it begins. Owned by who asked.</summary>
internal sealed class BlobReply(IDisposable? owner) : IDisposable
{
    /// <summary>Why there is no body; null when there is one.</summary>
    public UpstreamFailure? Failure { get; init; }

    /// <summary>The bytes; read to the end, or as far as is needed.</summary>
    public Stream Body { get; init; } = Stream.Null;

    /// <summary>Offset in the blob of the body's first byte: 0 from a source that ignores ranges, whatever was asked.</summary>
    public long First { get; init; }

    /// <summary>Offset in the blob after the body's last byte, as the source says; null when it has not said.</summary>
    public long? End { get; init; }

    /// <summary>Length of the whole blob in bytes; null when the source has not said.</summary>
    public long? Total { get; init; }

    /// <summary>Whether the source honoured the range.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The host that sends the body, which a redirect may have made another than the source's.</summary>
    public string? ServedBy { get; init; }

    /// <summary>The entity tag that came with the body.</summary>
    public string? ETag { get; init; }

    /// <inheritdoc/>
    public void Dispose() => owner?.Dispose();
}
