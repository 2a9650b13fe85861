using Registry.Storage.Blobs;
using Registry.Storage.Caches;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Repositories;

/// <summary>Which blobs a repository has. Only what is linked here may be served from it. Thread-safe; blocking.</summary>
public sealed class LayerStore
{
    /// <summary>Most bytes of links held in memory, each counted as <see cref="CachedBytes"/>: some 8,000.</summary>
    private const long MaxCachedBytes = 4 << 20;

    /// <summary>What a link in memory takes with its name and the cache's own parts, about.</summary>
    private const int CachedBytes = 512;

    private readonly BoundedCache<(RepositoryName Name, Digest Digest), Warm> _cache = new(MaxCachedBytes);
    private readonly StoreLayout _layout;
    private readonly Durability _disk;
    private readonly BlobStore _blobs;
    private readonly BlobLocks _locks;
    private readonly TimeProvider _time;

    internal LayerStore(StoreLayout layout, Durability disk, BlobStore blobs, BlobLocks locks, TimeProvider time)
    {
        _disk = disk;
        _blobs = blobs;
        _locks = locks;
        _layout = layout;
        _time = time;
    }

    /// <summary>
    /// The digest under which a repository's blob is stored; null when the repository does not have it. distribution links a sha512 to the sha256 of the same content.
    /// </summary>
    public Digest? Find(RepositoryName name, Digest digest)
    {
        if (_cache.TryGet((name, digest), out var warm))
        {
            return warm.Target;
        }

        var version = _cache.Version;
        var path = _layout.Layer(name, digest);
        if (LinkFile.Read(path) is not { } target)
        {
            return null;
        }

        _cache.Add((name, digest), new Warm(target, new LastUse(new DateTimeOffset(File.GetLastWriteTimeUtc(path)))), CachedBytes, version);
        return target;
    }

    /// <summary>The repositories that have a blob, in no order, as far as they are among the first so many that are looked into.</summary>
    public IEnumerable<RepositoryName> Holders(Digest digest, int mostRepositories)
    {
        var left = mostRepositories;
        var parents = new Queue<string>([""]);
        while (left > 0 && parents.TryDequeue(out var parent))
        {
            var directory = new DirectoryInfo(Path.Join(_layout.Repositories, parent));
            foreach (var child in directory.Exists ? directory.EnumerateDirectories() : [])
            {
                if (left == 0)
                {
                    yield break;
                }

                if (child.Name.StartsWith('_') || !RepositoryName.TryParse($"{parent}{child.Name}", out var name))
                {
                    continue;
                }

                left--;
                parents.Enqueue($"{name}/");
                if (File.Exists(_layout.Layer(name, digest)))
                {
                    yield return name;
                }
            }
        }
    }

    /// <summary>Records that a blob of a repository was used now.</summary>
    public void Use(RepositoryName name, Digest digest)
    {
        var now = _time.GetUtcNow();
        if (!_cache.TryGet((name, digest), out var warm) || warm.Use.IsDue(now))
        {
            LinkFile.Use(_layout.Layer(name, digest), now);
        }
    }

    /// <summary>Takes a blob from a repository, durably; false when it does not have it. Its bytes stay for the others.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool Delete(RepositoryName name, Digest digest)
    {
        var path = _layout.Layer(name, digest);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            File.Delete(path);
        }
        finally
        {
            _cache.Remove((name, digest));
        }

        _disk.SyncNames(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Says that a repository has a blob, in place of a link that means other content, which is gone. The repository's kind is decided, and the blob stored, before.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="digest">The digest that it is asked for by.</param>
    /// <param name="stored">The digest that it is stored under; another only for what distribution stored.</param>
    /// <returns>Whether the blob was there when the link was made; where it was not, the link means nothing.</returns>
    public bool Add(RepositoryName name, Digest digest, Digest stored)
    {
        using var batch = new WriteBatch(_disk);
        var isThere = Stage(batch, name, digest, stored);
        batch.SyncBytes();
        var exists = Show(batch, name, digest, stored);
        if (isThere)
        {
            Use(name, digest);
        }

        batch.SyncNames();
        return exists;
    }

    /// <summary>Adds the link to a batch, to be seen with <see cref="Show"/>.</summary>
    /// <returns>Whether it was there.</returns>
    internal bool Stage(WriteBatch batch, RepositoryName name, Digest digest, Digest stored) => LinkFile.Write(batch, _layout.Layer(name, digest), stored);

    /// <summary>Gives the batch its names so that an eviction of the blob comes before it, or sees it.</summary>
    /// <returns>Whether the blob is there.</returns>
    internal bool Show(WriteBatch batch, RepositoryName name, Digest digest, Digest stored)
    {
        lock (_locks.Of(stored))
        {
            try
            {
                batch.GiveNames();
            }
            finally
            {
                _cache.Remove((name, digest));
            }

            return _blobs.Renew(stored);
        }
    }

    private sealed record Warm(Digest Target, LastUse Use);
}
