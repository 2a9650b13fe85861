using Registry.Storage.Blobs;
using Registry.Storage.Content;
using Registry.Storage.Layout;
using Registry.Storage.Repositories;

namespace Registry.Storage.Reclaim;

/// <summary>
/// Gives space back by dropping mirrored blobs, least recently used first. What a local or inherited repository has is never touched, nor what is in use.
/// Thread-safe: one eviction at a time, the others wait for it and then see what is left to do. Blocking and slow: it walks the links of the store twice.
/// </summary>
/// <remarks>A link goes before its blob: whoever still has the file open reads on, and whoever comes next finds no link and asks the upstream.</remarks>
public sealed class Evictor
{
    /// <summary>Most blobs considered in one eviction: the memory of it does not grow with the store.</summary>
    private const int MaxCandidates = 4096;

    /// <summary>What was used so lately is left alone: its readers are perhaps just about to open it.</summary>
    private static readonly TimeSpan Untouchable = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly StoreLayout _layout;
    private readonly KindStore _kinds;
    private readonly LayerStore _layers;
    private readonly BlobStore _blobs;
    private readonly BlobLocks _locks;
    private readonly TimeProvider _time;

    internal Evictor(StoreLayout layout, KindStore kinds, LayerStore layers, BlobStore blobs, BlobLocks locks, TimeProvider time)
    {
        _locks = locks;
        _layout = layout;
        _kinds = kinds;
        _layers = layers;
        _blobs = blobs;
        _time = time;
    }

    /// <summary>Drops mirrored blobs until so many bytes are free again, or nothing is left to drop.</summary>
    /// <param name="bytes">How many bytes are wanted.</param>
    /// <param name="isInUse">Whether a blob must stay, because it is being fetched, say.</param>
    /// <returns>What was dropped, with the bytes that it held.</returns>
    public IReadOnlyList<(Digest Digest, long Bytes)> Evict(long bytes, Func<Digest, bool> isInUse)
    {
        lock (_gate)
        {
            var dropped = new List<(Digest, long)>();
            foreach (var (digest, candidate) in Candidates().OrderBy(static pair => pair.Value.LastUse))
            {
                if (bytes <= 0)
                {
                    break;
                }

                if (!candidate.IsKept && !isInUse(digest) && Drop(digest, candidate) is { } length)
                {
                    dropped.Add((digest, length));
                    bytes -= length;
                }
            }

            return dropped;
        }
    }

    // Its length, if it was dropped: somebody may have linked it, or been told of it, since the walk.
    private long? Drop(Digest digest, Candidate candidate)
    {
        lock (_locks.Of(digest))
        {
            if (_blobs.Length(digest) is not { } length || _blobs.Renewed(digest) != candidate.Renewed)
            {
                return null;
            }

            candidate.Places.ForEach(place => _layers.Delete(place, digest));
            _blobs.Delete(digest);
            return length;
        }
    }

    /// <summary>How many bytes an eviction could give back now.</summary>
    public long Evictable()
    {
        lock (_gate)
        {
            return Candidates().Sum(pair => pair.Value.IsKept ? 0 : _blobs.Length(pair.Key) ?? 0);
        }
    }

    private Dictionary<Digest, Candidate> Candidates()
    {
        var latest = (_time.GetUtcNow() - Untouchable).UtcDateTime;
        var oldest = new PriorityQueue<Digest, long>();
        foreach (var (_, kind, digest, lastUse) in Links())
        {
            if (kind.Name == RepositoryKindName.Mirrored && lastUse < latest)
            {
                // The priority is negated, so that the youngest is the one that leaves.
                oldest.Enqueue(digest, -lastUse.Ticks);
                if (oldest.Count > MaxCandidates)
                {
                    oldest.Dequeue();
                }
            }
        }

        var candidates = new Dictionary<Digest, Candidate>();
        while (oldest.TryDequeue(out var digest, out _))
        {
            // Before the links are read again: who links it later has renewed it later.
            candidates.TryAdd(digest, new Candidate { Renewed = _blobs.Renewed(digest) });
        }

        foreach (var (place, kind, digest, lastUse) in Links())
        {
            if (candidates.TryGetValue(digest, out var candidate))
            {
                candidate.IsKept |= kind.Name != RepositoryKindName.Mirrored || lastUse >= latest;
                candidate.LastUse = lastUse > candidate.LastUse ? lastUse : candidate.LastUse;
                candidate.Places.Add(place);
            }
        }

        return candidates;
    }

    private IEnumerable<(RepositoryName Place, RepositoryKind Kind, Digest Digest, DateTime LastUse)> Links()
    {
        foreach (var place in _kinds.Walk())
        {
            if (_kinds.Find(place) is not { } kind)
            {
                continue;
            }

            foreach (var algorithm in new[] { DigestAlgorithm.Sha256, DigestAlgorithm.Sha512 })
            {
                var directory = new DirectoryInfo(Path.Join(_layout.Layers(place), algorithm.Name()));
                foreach (var entry in directory.Exists ? directory.EnumerateDirectories() : [])
                {
                    // The link's content counts, not its name: distribution links a sha512 to the sha256 of the same content.
                    if (Digest.TryParse(algorithm, entry.Name, out var name) && LinkFile.Read(_layout.Layer(place, name)) is { } target)
                    {
                        yield return (place, kind, target, File.GetLastWriteTimeUtc(_layout.Layer(place, name)));
                    }
                }
            }
        }
    }

    private sealed class Candidate
    {
        public required DateTime Renewed { get; init; }

        public DateTime LastUse { get; set; }

        public bool IsKept { get; set; }

        public List<RepositoryName> Places { get; } = [];
    }
}
