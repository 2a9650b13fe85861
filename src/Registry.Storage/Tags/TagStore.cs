using Registry.Storage.Caches;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Tags;

/// <summary>The tags of every repository. A tag changes whole or not at all. Thread-safe; blocking.</summary>
public sealed class TagStore
{
    /// <summary>Most bytes of tags held in memory, each counted as <see cref="CachedBytes"/>: some 8,000.</summary>
    private const long MaxCachedBytes = 4 << 20;

    /// <summary>What a tag in memory takes with its names and the cache's own parts, about.</summary>
    private const int CachedBytes = 512;

    private readonly BoundedCache<(RepositoryName Name, Tag Tag), TagEntry> _cache = new(MaxCachedBytes);
    private readonly StoreLayout _layout;
    private readonly Durability _disk;
    private readonly TimeProvider _time;
    private readonly TagNames _names;

    internal TagStore(StoreLayout layout, Durability disk, TimeProvider time)
    {
        _names = new TagNames(layout);
        _layout = layout;
        _disk = disk;
        _time = time;
    }

    /// <summary>What a tag means; null when there is none.</summary>
    public TagEntry? Find(RepositoryName name, Tag tag)
    {
        if (_cache.TryGet((name, tag), out var cached))
        {
            return cached;
        }

        var version = _cache.Version;
        var path = _layout.TagCurrent(name, tag);
        if (LinkFile.Read(path) is not { } digest)
        {
            return null;
        }

        var entry = new TagEntry(digest, new DateTimeOffset(File.GetLastWriteTimeUtc(path)));
        _cache.Add((name, tag), entry, CachedBytes, version);
        return entry;
    }

    /// <summary>Lets a tag mean a manifest, confirmed now. The manifest is stored before.</summary>
    public void Set(RepositoryName name, Tag tag, Digest digest)
    {
        using var before = new WriteBatch(_disk);
        using var batch = new WriteBatch(_disk);
        Stage(before, batch, name, tag, digest);
        before.SyncBytes();
        batch.SyncBytes();
        before.GiveNames();
        before.SyncNames();
        Show(batch, name, [tag]);
    }

    /// <summary>Adds what makes a tag mean a manifest, confirmed now, to two batches.</summary>
    /// <param name="before">What must be on the disk before the tag means something else: its names are synced first.</param>
    /// <param name="batch">What changes the tag, to be seen with <see cref="Show"/>.</param>
    /// <param name="name">The repository.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="digest">The manifest.</param>
    internal void Stage(WriteBatch before, WriteBatch batch, RepositoryName name, Tag tag, Digest digest)
    {
        // Beside what a deletion of the tag removes.
        var staging = _layout.Manifests(name);
        var now = _time.GetUtcNow();
        LinkFile.Write(before, _layout.TagIndex(name, tag, digest), digest, staging);
        if (LinkFile.Write(batch, _layout.TagCurrent(name, tag), digest, staging, now))
        {
            LinkFile.SetTime(_layout.TagCurrent(name, tag), now);
        }
    }

    /// <summary>Changes tags, durably.</summary>
    internal void Show(WriteBatch batch, RepositoryName name, IReadOnlyCollection<Tag> tags)
    {
        try
        {
            batch.GiveNames();
        }
        finally
        {
            foreach (var tag in tags)
            {
                _cache.Remove((name, tag));
            }
        }

        batch.SyncNames();
    }

    /// <summary>Records that a tag still means what it means.</summary>
    public void Confirm(RepositoryName name, Tag tag)
    {
        LinkFile.SetTime(_layout.TagCurrent(name, tag), _time.GetUtcNow());
        _cache.Remove((name, tag));
    }

    /// <summary>The tags of a repository after one (which need not exist), in bytewise order, at most so many; all when no count is given.</summary>
    public TagPage List(RepositoryName name, int? count, string? last)
    {
        var names = _names.Of(name);
        var index = string.IsNullOrEmpty(last) ? 0 : Array.BinarySearch(names, last, StringComparer.Ordinal);
        index = index >= 0 && !string.IsNullOrEmpty(last) ? index + 1 : index < 0 ? ~index : index;
        var page = new List<string>();
        for (; index < names.Length; index++)
        {
            if (!File.Exists(_layout.TagCurrent(name, Tag.Parse(names[index]))))
            {
                continue;
            }

            if (page.Count == count)
            {
                return new TagPage(page, HasMore: count > 0);
            }

            page.Add(names[index]);
        }

        return new TagPage(page, HasMore: false);
    }

    /// <summary>Removes a tag, durably; false when there is none. The manifest stays.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool Delete(RepositoryName name, Tag tag)
    {
        if (!Remove(name, tag))
        {
            return false;
        }

        _disk.SyncNames(_layout.Tags(name));
        return true;
    }

    /// <summary>Removes every tag that means a manifest, durably, in one wait for the disk: none may come back after a power cut, when the manifest is gone.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void DeleteAll(RepositoryName name, Digest digest)
    {
        foreach (var text in _names.Of(name))
        {
            var tag = Tag.Parse(text);
            if (Find(name, tag) is { } entry && entry.Digest == digest)
            {
                Remove(name, tag);
            }
        }

        // Those included whose removal was not synced, since it failed then.
        if (Directory.Exists(_layout.Tags(name)))
        {
            _disk.SyncNames(_layout.Tags(name));
        }
    }

    private bool Remove(RepositoryName name, Tag tag)
    {
        if (Find(name, tag) is null)
        {
            return false;
        }

        try
        {
            Directory.Delete(Path.Join(_layout.Tags(name), tag.Value), recursive: true);
        }
        finally
        {
            _cache.Remove((name, tag));
        }

        return true;
    }
}
