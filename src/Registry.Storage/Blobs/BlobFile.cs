using Microsoft.Win32.SafeHandles;

namespace Registry.Storage.Blobs;

/// <summary>
/// An open, complete blob. The file may be removed from the store while it is open: its bytes stay readable until disposal. Owned by who opened it.
/// </summary>
public sealed class BlobFile : IDisposable
{
    private OpenFile? _file;

    internal BlobFile(OpenFile file)
    {
        _file = file;
        Handle = file.Handle;
        Length = file.Length;
    }

    /// <summary>The file, opened for reading and shared with other readers: to be read by position, and never disposed of itself.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _file, null)?.Release();
}
