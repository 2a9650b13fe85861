using Microsoft.Win32.SafeHandles;
using Registry.Mirror.Fetches;
using Registry.Storage.Blobs;

namespace Registry.Mirror.Blobs;

/// <summary>
/// The bytes of a blob, be it complete or still coming. They are read from <see cref="File"/>, where <see cref="WaitAsync"/> has said that they are. Owned by who got it.
/// </summary>
public sealed class BlobContent : IDisposable
{
    private readonly BlobFile? _blob;
    private readonly FetchReader? _reader;

    internal BlobContent(BlobFile blob)
    {
        _blob = blob;
        File = blob.Handle;
        Length = blob.Length;
    }

    internal BlobContent(FetchReader reader, long? length)
    {
        _reader = reader;
        File = reader.File;
        Length = length;
    }

    /// <summary>Length in bytes; null while an upstream has not told it.</summary>
    public long? Length { get; }

    /// <summary>The file, valid until disposal.</summary>
    public SafeFileHandle File { get; }

    /// <summary>Waits until bytes can be read at a position.</summary>
    /// <param name="position">Offset in the blob.</param>
    /// <param name="isClosed">Whether the client asked for a closed or suffix range: those are served as they come, all others only verified to the end.</param>
    /// <param name="cancellation">The client's own; what is under way goes on.</param>
    /// <returns>How many bytes can be read there; 0 at the end.</returns>
    /// <exception cref="BlobBrokenException">The blob does not come: the transfer must be broken.</exception>
    public ValueTask<long> WaitAsync(long position, bool isClosed, CancellationToken cancellation)
    {
        if (_reader is null)
        {
            return new ValueTask<long>(Math.Max(0, Length!.Value - position));
        }

        return Length is { } promised && _reader.Fetch.Length is { } actual && actual != promised
            ? throw new BlobBrokenException($"the blob has {actual} bytes, not the {promised} that its manifest says")
            : _reader.WaitAsync(position, isClosed, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blob?.Dispose();
        _reader?.Dispose();
    }
}
