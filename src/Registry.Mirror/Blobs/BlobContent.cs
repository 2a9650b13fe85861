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
    private PassThrough? _passThrough;

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

    internal BlobContent(PassThrough passThrough)
    {
        _passThrough = passThrough;
        Length = passThrough.Length;
    }

    /// <summary>Length in bytes; null while an upstream has not told it.</summary>
    public long? Length { get; }

    /// <summary>The file, valid until disposal; null when the disk has no part in it.</summary>
    public SafeFileHandle? File { get; }

    /// <summary>
    /// Whether the disk cannot take the blob, so that from here on the bytes come by <see cref="ReadAsync"/> and not from the file. It may become so in any
    /// <see cref="WaitAsync"/>, whose result then means nothing.
    /// </summary>
    public bool IsUnstored => _passThrough is not null;

    /// <summary>Waits until bytes can be read at a position.</summary>
    /// <param name="position">Offset in the blob.</param>
    /// <param name="isClosed">Whether the client asked for a closed or suffix range: those are served as they come, all others only verified to the end.</param>
    /// <param name="cancellation">The client's own; what is under way goes on.</param>
    /// <returns>How many bytes can be read there; 0 at the end.</returns>
    /// <exception cref="BlobBrokenException">The blob does not come: the transfer must be broken.</exception>
    public async ValueTask<long> WaitAsync(long position, bool isClosed, CancellationToken cancellation)
    {
        if (_blob is not null)
        {
            return Math.Max(0, _blob.Length - position);
        }

        if (_reader is null)
        {
            return 0;
        }

        if (Length is { } promised && _reader.Fetch.Length is { } actual && actual != promised)
        {
            throw new BlobBrokenException($"the blob has {actual} bytes, not the {promised} that its manifest says");
        }

        try
        {
            return await _reader.WaitAsync(position, isClosed, cancellation);
        }
        catch (BlobBrokenException) when (_reader.Fetch.IsDiskFailure)
        {
            _passThrough = _reader.Fetch.PassBy();
            if (!isClosed)
            {
                _passThrough.Continue(_reader.File, position);
            }

            return 0;
        }
    }

    /// <summary>Reads the next bytes of a blob that the disk cannot take; 0 at its end.</summary>
    /// <exception cref="BlobBrokenException">The blob does not come: the transfer must be broken.</exception>
    public ValueTask<int> ReadAsync(long position, Memory<byte> buffer, bool isClosed, CancellationToken cancellation) =>
        (_passThrough ?? throw new InvalidOperationException("The blob is read from its file.")).ReadAsync(position, buffer, isClosed, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _blob?.Dispose();
        _reader?.Dispose();
        _passThrough?.Dispose();
    }
}
