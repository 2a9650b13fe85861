using Microsoft.Win32.SafeHandles;

namespace Registry.Storage.Blobs;

/// <summary>
/// An open, complete blob. The file may be removed from the store while it is open: its bytes stay readable until disposal. Owned by who opened it.
/// </summary>
public sealed class BlobFile : IDisposable
{
    internal BlobFile(SafeFileHandle handle, long length)
    {
        Handle = handle;
        Length = length;
    }

    /// <summary>The file, opened for reading.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
