using System.Collections.Concurrent;
using System.Text;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Repositories;

/// <summary>
/// The kind of every repository. Written before the repository's first link, under a lock, and never changed here. Thread-safe; blocking.
/// </summary>
/// <remarks>
/// A repository that distribution made has no kind on disk. It is local, unless distribution was a mirror in this directory and there is an upstream to have
/// inherited it from.
/// </remarks>
public sealed class KindStore
{
    private const int MaxBytes = 512;

    /// <summary>Most kinds held in memory, about 2 MB; beyond it the memory is emptied and filled again by use.</summary>
    private const int MaxCached = 10_000;

    private readonly StoreLayout _layout;
    private readonly Durability _disk;
    private readonly ConcurrentDictionary<RepositoryName, RepositoryKind> _cache = new();
    private readonly Lock _writing = new();
    private volatile RepositoryKind _undecided;

    internal KindStore(StoreLayout layout, Durability disk, string? inheritFrom)
    {
        _layout = layout;
        _disk = disk;
        _undecided = Undecided(inheritFrom);
    }

    /// <summary>Says anew which upstream an old mirror's content comes from; null: none.</summary>
    public void InheritFrom(string? upstream)
    {
        var undecided = Undecided(upstream);
        if (undecided != _undecided)
        {
            _undecided = undecided;
            _cache.Clear();
        }
    }

    /// <summary>The kind of a repository; null when there is nothing of it yet.</summary>
    /// <exception cref="InvalidDataException">The kind on disk cannot be read.</exception>
    public RepositoryKind? Find(RepositoryName name)
    {
        if (_cache.TryGetValue(name, out var cached))
        {
            return cached;
        }

        // Content is looked for first: what we bring has its kind on disk before, so only what distribution left has none after.
        var undecided = _undecided;
        var hasContent = HasContent(name);
        var kind = FromDisk(name) ?? (hasContent ? undecided : null);
        if (kind is not null)
        {
            Remember(name, kind);
        }

        if (undecided != _undecided)
        {
            _cache.TryRemove(name, out _);
        }

        return kind;
    }

    /// <summary>
    /// Decides the kind of a repository that is about to get its first link; whoever comes first decides. To be called before every link.
    /// </summary>
    /// <returns>The kind that is in force: <paramref name="wanted"/>, or the one that was there.</returns>
    public RepositoryKind Decide(RepositoryName name, RepositoryKind wanted)
    {
        lock (_writing)
        {
            if (FromDisk(name) is { } decided)
            {
                Remember(name, decided);
                return decided;
            }

            var kind = HasContent(name) ? _undecided : wanted;
            _disk.WriteFile(_layout.Kind(name), Encoding.ASCII.GetBytes($"{kind}\n"));
            Remember(name, kind);
            return kind;
        }
    }

    /// <summary>Makes a repository local, whatever it was: the operator has said so in the configuration.</summary>
    public void MakeLocal(RepositoryName name)
    {
        lock (_writing)
        {
            if (FromDisk(name) is not { IsLocal: true })
            {
                _disk.WriteFile(_layout.Kind(name), Encoding.ASCII.GetBytes($"{RepositoryKind.Local}\n"));
            }

            Remember(name, RepositoryKind.Local);
        }
    }

    /// <summary>Forgets the kind of a repository that holds nothing any more, and what else is left of it. Repositories below it stay.</summary>
    public ReleaseOutcome Release(RepositoryName name)
    {
        lock (_writing)
        {
            if (Holds(_layout.Layers(name)) || Holds(_layout.Manifests(name)))
            {
                return ReleaseOutcome.NotEmpty;
            }

            var own = _layout.Own(name).Where(Directory.Exists).ToList();
            own.ForEach(static directory => Directory.Delete(directory, recursive: true));
            _cache.TryRemove(name, out _);
            return own.Count > 0 ? ReleaseOutcome.Released : ReleaseOutcome.Unknown;
        }
    }

    /// <summary>Every name under which there may be a repository, found by walking the directories; slow, for work in the background.</summary>
    public IEnumerable<RepositoryName> Walk()
    {
        var pending = new Stack<string>([""]);
        while (pending.TryPop(out var parent))
        {
            if (RepositoryName.TryParse(parent, out var name))
            {
                yield return name;
            }

            foreach (var child in Children(parent))
            {
                pending.Push(parent.Length == 0 ? child : $"{parent}/{child}");
            }
        }
    }

    private RepositoryKind Undecided(string? upstream) =>
        upstream is not null && File.Exists(_layout.SchedulerState) ? RepositoryKind.Inherited(upstream) : RepositoryKind.Local;

    private IEnumerable<string> Children(string parent)
    {
        var directory = new DirectoryInfo(Path.Join(_layout.Repositories, parent));
        return directory.Exists
            ? directory.EnumerateDirectories().Select(child => child.Name).Where(name => !name.StartsWith('_'))
            : [];
    }

    private static bool Holds(string directory) =>
        Directory.Exists(directory) && Directory.EnumerateFiles(directory, "link", SearchOption.AllDirectories).Any();

    private RepositoryKind? FromDisk(RepositoryName name)
    {
        var path = _layout.Kind(name);
        var line = SmallFile.ReadText(path, MaxBytes);
        return line is null
            ? null
            : RepositoryKind.Parse(line) ?? throw new InvalidDataException($"{path} holds '{line.Trim()}', not the kind of a repository.");
    }

    private bool HasContent(RepositoryName name) => Directory.Exists(_layout.Manifests(name)) || Directory.Exists(_layout.Layers(name));

    private void Remember(RepositoryName name, RepositoryKind kind)
    {
        if (_cache.Count >= MaxCached)
        {
            _cache.Clear();
        }

        _cache[name] = kind;
    }
}
