using System.IO.Enumeration;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Tags;

/// <summary>
/// The names of tags of the repositories listed lately, in bytewise order, so that a page of a long list does not read and sort all of it anew. Thread-safe.
/// </summary>
/// <remarks>The mtime of a directory of tags changes whenever one comes or goes, and tells whether what is remembered still holds.</remarks>
internal sealed class TagNames(StoreLayout layout, long maxBytes = TagNames.MaxBytes)
{
    /// <summary>Most memory for names, of all repositories together, in bytes: 400,000 of twenty characters. Those listed longest ago are forgotten first.</summary>
    public const long MaxBytes = 32 << 20;

    /// <summary>What a string costs beyond its characters, with its place in the array.</summary>
    private const int BytesPerName = 32;

    /// <summary>How far apart two changes must lie to have different times: file systems count in ticks of some milliseconds, old ones in whole seconds.</summary>
    private static readonly TimeSpan TimeResolution = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<RepositoryName, Remembered> _remembered = [];
    private long _bytes;
    private long _uses;

    /// <summary>Bytes that are held now, by the count that is bounded.</summary>
    internal long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Every directory that a tag may have, whether or not the tag is whole. The array is shared and must not be changed.</summary>
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
                known.LastUse = ++_uses;
                return known.Names;
            }
        }

        var names = Read(directory.FullName);

        // What has changed just now may change once more without its time telling of it. The file system's clock is the machine's.
        if (now - changed > TimeResolution)
        {
            Remember(repository, new Remembered(changed, names));
        }

        return names;
    }

    private static string[] Read(string directory)
    {
        var names = new FileSystemEnumerable<string>(directory, static (ref entry) => entry.FileName.ToString())
        {
            ShouldIncludePredicate = static (ref entry) => entry.IsDirectory && Tag.IsWellFormed(entry.FileName),
        }.ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    private void Remember(RepositoryName repository, Remembered remembered)
    {
        lock (_gate)
        {
            Forget(repository);
            while (_remembered.Count > 0 && _bytes + remembered.Bytes > maxBytes)
            {
                Forget(_remembered.MinBy(static entry => entry.Value.LastUse).Key);
            }

            if (remembered.Bytes <= maxBytes)
            {
                remembered.LastUse = ++_uses;
                _remembered.Add(repository, remembered);
                _bytes += remembered.Bytes;
            }
        }
    }

    private void Forget(RepositoryName repository)
    {
        if (_remembered.Remove(repository, out var old))
        {
            _bytes -= old.Bytes;
        }
    }

    private sealed class Remembered(DateTime changed, string[] names)
    {
        public DateTime Changed => changed;

        public string[] Names => names;

        // An entry of an empty list takes room too.
        public long Bytes { get; } = 256 + names.Sum(static name => BytesPerName + (2L * name.Length));

        public long LastUse { get; set; }
    }
}
