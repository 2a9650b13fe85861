using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Blobs;

/// <summary>
/// Content by digest, whoever it belongs to. A blob is here complete, verified and durable, or not at all. Thread-safe; blocking.
/// </summary>
public sealed class BlobStore : IDisposable
{
    private readonly OpenFiles _open = new();
    private readonly StoreLayout _layout;
    private readonly Durability _disk;
    private readonly BlobLocks _locks;
    private readonly TimeProvider _time;

    internal BlobStore(StoreLayout layout, Durability disk, BlobLocks locks, TimeProvider time)
    {
        _disk = disk;
        _locks = locks;
        _layout = layout;
        _time = time;
    }

    /// <summary>Opens a blob; null when it is not stored.</summary>
    public BlobFile? Open(Digest digest)
    {
        if (_open.Find(digest) is { } open)
        {
            return new BlobFile(open);
        }

        var path = _layout.Blob(digest);
        try
        {
            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
            return new BlobFile(_open.Keep(digest, handle, () => File.Exists(path)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Length of a blob in bytes; null when it is not stored.</summary>
    public long? Length(Digest digest)
    {
        var file = new FileInfo(_layout.Blob(digest));
        return file.Exists ? file.Length : null;
    }

    /// <summary>Stores content that is at hand, unless it is stored already.</summary>
    /// <exception cref="ArgumentException">The content does not have that digest.</exception>
    public void Put(Digest digest, ReadOnlySpan<byte> content)
    {
        using var batch = new WriteBatch(_disk);
        Put(batch, digest, content);
        batch.Commit();
        Forget(digest);
    }

    /// <summary>Lets go of a file that has been replaced.</summary>
    internal void Forget(Digest digest) => _open.Drop(digest);

    /// <summary>Stores content together with what else is in the batch; to be followed by <see cref="Forget"/>.</summary>
    /// <exception cref="ArgumentException">The content does not have that digest.</exception>
    internal void Put(WriteBatch batch, Digest digest, ReadOnlySpan<byte> content)
    {
        if (Digest.Of(digest.Algorithm, content) != digest)
        {
            throw new ArgumentException("The content does not have this digest.", nameof(digest));
        }

        var path = _layout.Blob(digest);
        if (Length(digest) == content.Length && Renew(digest))
        {
            batch.Confirm(path);
        }
        else
        {
            batch.Write(path, content);
        }
    }

    /// <summary>Renews a blob's grace, because somebody is being told that it exists and will refer to it; false when it does not.</summary>
    public bool Renew(Digest digest)
    {
        lock (_locks.Of(digest))
        {
            LinkFile.SetTime(_layout.Blob(digest), _time.GetUtcNow());
            return File.Exists(_layout.Blob(digest));
        }
    }

    /// <summary>When a blob's grace began: it was stored, or <see cref="Renew"/>ed.</summary>
    internal DateTime Renewed(Digest digest) => File.GetLastWriteTimeUtc(_layout.Blob(digest));

    /// <summary>Removes a blob, if it is stored. Whoever has it open reads on. The caller holds its lock.</summary>
    internal void Delete(Digest digest)
    {
        var directory = Path.GetDirectoryName(_layout.Blob(digest))!;
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        _open.Drop(digest);
    }

    /// <summary>Closes what nobody reads any more.</summary>
    public void Dispose() => _open.Dispose();

    internal byte[]? Read(Digest digest, int maxBytes) => SmallFile.Read(_layout.Blob(digest), maxBytes);
}
