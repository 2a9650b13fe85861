using Microsoft.Win32.SafeHandles;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Ingests;

/// <summary>
/// One file on its way into the store. It becomes a blob by <see cref="Commit"/> alone, vanishes by <see cref="Discard"/>, or stays for the next time; its bytes can be
/// read all the while.
/// </summary>
/// <remarks>
/// One writer, any number of readers: the writer owns one share, each reader takes another with <see cref="Share"/>, and the file closes when the last is released.
/// Writes to different ranges may run at once; everything else is the writer's alone.
/// </remarks>
public sealed class Ingest
{
    private readonly string _data;
    private readonly string _journal;
    private readonly string _blob;
    private readonly Durability _disk;
    private int _shares = 1;

    internal Ingest(SafeFileHandle handle, string data, string journal, string blob, Digest digest, Durability disk)
    {
        _disk = disk;
        Handle = handle;
        Digest = digest;
        _data = data;
        _journal = journal;
        _blob = blob;
        (RestoredLength, Restored) = IngestJournal.Read(journal);
        if (Restored.Segments is [.., var last] && last.End > RandomAccess.GetLength(handle))
        {
            // The journal speaks of more than there is: somebody has cut the file, or a kill came amid a commit. Nobody may believe it once the file has grown again.
            Restored.Clear();
            IngestJournal.Write(disk, journal, null, []);
        }
    }

    /// <summary>The file. Valid while a share is held.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The digest that the content is to have.</summary>
    public Digest Digest { get; }

    /// <summary>What an earlier ingest left on the disk.</summary>
    public SegmentMap Restored { get; }

    /// <summary>The length of the content, as far as an earlier ingest knew it.</summary>
    public long? RestoredLength { get; }

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

    /// <summary>Makes the bytes of those segments, written before this call, survive a power cut and a kill: the next ingest of the digest goes on from them.</summary>
    /// <exception cref="IOException">The disk refused; what was safe before still is.</exception>
    public void Checkpoint(long? length, ReadOnlySpan<Segment> segments)
    {
        Durability.SyncBytes(Handle);
        IngestJournal.Write(_disk, _journal, length, segments);
    }

    /// <summary>
    /// Makes the file the blob of its digest, durably. The caller has compared the digest of all its bytes.
    /// </summary>
    /// <exception cref="IOException">The disk refused; the ingest may be discarded.</exception>
    public void Commit()
    {
        _disk.MoveIntoPlace(Handle, _data, _blob);
        DeleteDirectory();
    }

    /// <summary>Removes the file. Readers that hold a share can still read it.</summary>
    public void Discard() => DeleteDirectory();

    private void DeleteDirectory()
    {
        var directory = Path.GetDirectoryName(_data)!;
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
