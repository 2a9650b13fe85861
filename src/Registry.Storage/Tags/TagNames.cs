using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Tags;

/// <summary>
/// The names of tags of the repositories listed lately, in bytewise order, so that a page of a long list does not read and sort all of it anew. Thread-safe.
/// </summary>
/// <remarks>The mtime of a directory of tags changes whenever one comes or goes, and tells whether what is remembered still holds.</remarks>
internal sealed class TagNames(StoreLayout layout)
{
    /// <summary>Most names remembered, of all repositories together: about 20 MB when they are long.</summary>
    private const int MaxNames = 200_000;

    /// <summary>How far apart two changes must lie to have different times: file systems count in ticks of some milliseconds, old ones in whole seconds.</summary>
    private static readonly TimeSpan TimeResolution = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<RepositoryName, (DateTime Changed, string[] Names)> _remembered = [];
    private int _count;

    /// <summary>Every directory that a tag may have, whether or not the tag is whole.</summary>
    public string[] Of(RepositoryName repository)
    {
        var directory = new DirectoryInfo(layout.Tags(repository));
        if (!directory.Exists)
        {
            return [];
        }

        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var changed = directory.LastWriteTimeUtc;
        lock (_gate)
        {
            if (_remembered.TryGetValue(repository, out var known) && known.Changed == changed)
            {
                return known.Names;
            }
        }

        var names = directory.EnumerateDirectories().Select(static entry => entry.Name).Where(static name => Tag.TryParse(name, out _)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);

        // What has changed just now may change once more without its time telling of it. The file system's clock is the machine's.
        if (now - changed > TimeResolution)
        {
            Remember(repository, changed, names);
        }

        return names;
    }

    private void Remember(RepositoryName repository, DateTime changed, string[] names)
    {
        lock (_gate)
        {
            _count -= _remembered.Remove(repository, out var old) ? old.Names.Length : 0;
            if (_count + names.Length > MaxNames)
            {
                _remembered.Clear();
                _count = 0;
            }

            if (names.Length <= MaxNames)
            {
                _remembered[repository] = (changed, names);
                _count += names.Length;
            }
        }
    }
}
