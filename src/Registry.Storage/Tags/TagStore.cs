using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Tags;

/// <summary>The tags of every repository. A tag changes whole or not at all. Thread-safe; blocking.</summary>
public sealed class TagStore
{
    private readonly StoreLayout _layout;
    private readonly TimeProvider _time;

    internal TagStore(StoreLayout layout, TimeProvider time)
    {
        _layout = layout;
        _time = time;
    }

    /// <summary>What a tag means; null when there is none.</summary>
    public TagEntry? Find(RepositoryName name, Tag tag)
    {
        var path = _layout.TagCurrent(name, tag);
        return LinkFile.Read(path) is { } digest ? new TagEntry(digest, new DateTimeOffset(File.GetLastWriteTimeUtc(path))) : null;
    }

    /// <summary>Lets a tag mean a manifest, confirmed now. The manifest is stored before.</summary>
    public void Set(RepositoryName name, Tag tag, Digest digest)
    {
        var index = _layout.TagIndex(name, tag, digest);
        if (LinkFile.Read(index) is null)
        {
            LinkFile.Write(index, digest);
        }

        var current = _layout.TagCurrent(name, tag);
        if (LinkFile.Read(current) != digest)
        {
            LinkFile.Write(current, digest);
        }

        LinkFile.SetTime(current, _time.GetUtcNow());
    }

    /// <summary>Records that a tag still means what it means.</summary>
    public void Confirm(RepositoryName name, Tag tag) => LinkFile.SetTime(_layout.TagCurrent(name, tag), _time.GetUtcNow());

    /// <summary>All tags of a repository in bytewise order; empty when there are none.</summary>
    public IReadOnlyList<string> List(RepositoryName name)
    {
        var directory = new DirectoryInfo(_layout.Tags(name));
        if (!directory.Exists)
        {
            return [];
        }

        var tags = directory.EnumerateDirectories()
            .Select(entry => entry.Name)
            .Where(entry => Tag.TryParse(entry, out var tag) && File.Exists(_layout.TagCurrent(name, tag)))
            .ToArray();
        Array.Sort(tags, StringComparer.Ordinal);
        return tags;
    }
}
