using Microsoft.Win32.SafeHandles;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Ingests;

/// <summary>
/// One file on its way into the store. It becomes a blob by <see cref="Commit"/> alone, or vanishes by <see cref="Discard"/>; its bytes can be read all the while.
/// </summary>
/// <remarks>
/// One writer, any number of readers: the writer owns one share, each reader takes another with <see cref="Share"/>, and the file closes when the last is released.
/// </remarks>
public sealed class Ingest
{
    private readonly string _path;
    private readonly string _blob;
    private int _shares = 1;

    internal Ingest(SafeFileHandle handle, string path, string blob, Digest digest)
    {
        Handle = handle;
        Digest = digest;
        _path = path;
        _blob = blob;
    }

    /// <summary>The file. Valid while a share is held.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The digest that the content is to have.</summary>
    public Digest Digest { get; }

    /// <summary>Takes a further share; the caller holds one already, or knows that the writer does.</summary>
    public void Share() => Interlocked.Increment(ref _shares);

    /// <summary>Gives a share back; exactly once for each.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _shares) == 0)
        {
            Handle.Dispose();
        }
    }

    /// <summary>Writes bytes at an offset, with holes where nothing was written.</summary>
    /// <exception cref="IOException">The disk refused, because it is full, say.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(Handle, bytes, offset);

    /// <summary>
    /// Makes the file the blob of its digest, durably. The caller has compared the digest of all its bytes.
    /// </summary>
    /// <exception cref="IOException">The disk refused; the ingest may be discarded.</exception>
    public void Commit()
    {
        Durability.MoveIntoPlace(Handle, _path, _blob);
        DeleteDirectory();
    }

    /// <summary>Removes the file. Readers that hold a share can still read it.</summary>
    public void Discard()
    {
        File.Delete(_path);
        DeleteDirectory();
    }

    private void DeleteDirectory() => Directory.Delete(Path.GetDirectoryName(_path)!);
}
