using Registry.Mirror.Routing;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Repositories;

namespace Registry.Mirror.Fetches;

/// <summary>
/// Every fetch under way: at most one for a digest, whoever asks and through whichever repository. Thread-safe.
/// </summary>
internal sealed class FetchTable : IAsyncDisposable
{
    private readonly Lock _gate = new();

    // Transfers find the disk full together: what the first of them has freed is enough for the others too.
    private readonly Lock _makingRoom = new();
    private readonly Dictionary<Digest, Fetch> _fetches = [];
    private readonly Store _store;
    private readonly ITimer _purge;
    private volatile FetchContext _context;

    public FetchTable(Store store, FetchContext context)
    {
        _store = store;
        _context = context with { MakeRoom = MakeRoom };
        _purge = context.Time.CreateTimer(static state => ((FetchTable)state!).Purge(), this, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
    }

    /// <summary>The fetch of a digest; null when there is none.</summary>
    public Fetch? Find(Digest digest)
    {
        lock (_gate)
        {
            return _fetches.GetValueOrDefault(digest);
        }
    }

    /// <summary>Begins a fetch for a repository, unless there is one of the digest, or the blob is in the store by now: then null, and the caller looks again.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public Fetch? TryStart(Digest digest, RepositoryName place, Origin origin)
    {
        var sources = Sources(digest, origin);
        lock (_gate)
        {
            // A fetch leaves the table only after its blob is in the store, so under the lock one of the two is seen.
            return _fetches.ContainsKey(digest) || _store.Blobs.Length(digest) is not null
                ? null
                : Start(digest, origin.Upstream.Name, sources, [place], []);
        }
    }

    /// <summary>Sets other options, for the fetches that begin from now on.</summary>
    public void Use(FetchOptions options)
    {
        _context.Budget.Resize(options);
        _context = _context with { Options = options };
    }

    /// <summary>A stream for one reader that the disk has no part in.</summary>
    public PassThrough PassBy(Digest digest, Origin origin) => new(origin.Upstream.Name, Sources(digest, origin), digest, _context);

    /// <summary>Waits until every fetch has ended; the lifetime's token has fired before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _purge.DisposeAsync();
        Task[] ends;
        lock (_gate)
        {
            ends = [.. _fetches.Values.Select(fetch => fetch.Ended)];
        }

        await Task.WhenAll(ends);
    }

    // Under the lock.
    private Fetch Start(Digest digest, string upstream, IEnumerable<IBlobSource> sources, IReadOnlyCollection<RepositoryName> places, IReadOnlyList<IBlobSource> reserve)
    {
        var fetch = new Fetch(upstream, _store.Ingests.Begin(digest), sources, _context)
        {
            OnVerified = (_, allowed) => Link(digest, upstream, allowed),
            OnEnded = ended => Remove(ended, upstream),
            Reserve = reserve,
        };
        foreach (var place in places)
        {
            fetch.TryAdd(place);
        }

        _fetches.Add(digest, fetch);
        fetch.Start();
        return fetch;
    }

    private static IEnumerable<IBlobSource> Sources(Digest digest, Origin origin) =>
        origin.Upstream.Endpoints.Select(endpoint => new UpstreamBlobSource(origin.Upstream.Name, endpoint, origin.Repository, digest));

    private bool MakeRoom(long bytes)
    {
        lock (_makingRoom)
        {
            return _store.HasRoomFor(bytes) || Evict(bytes);
        }
    }

    private bool Evict(long bytes)
    {
        var dropped = _store.Evictor.Evict(bytes, digest => Find(digest) is not null);
        foreach (var (digest, length) in dropped)
        {
            MirrorLog.Evicted(_context.Logger, digest, length);
        }

        return dropped.Count > 0;
    }

    private void Link(Digest digest, string upstream, IReadOnlyCollection<RepositoryName> places)
    {
        foreach (var place in places)
        {
            if (!_store.Kinds.Decide(place, RepositoryKind.Mirrored(upstream)).IsLocal)
            {
                _store.Layers.Add(place, digest, digest);
            }
        }
    }

    private void Remove(Fetch ended, string upstream)
    {
        lock (_gate)
        {
            _fetches.Remove(ended.Digest);
            if (ended.Alternatives.Count > 0 && !_context.Lifetime.IsCancellationRequested)
            {
                Start(ended.Digest, upstream, ended.Alternatives.Take(1), ended.Places, [.. ended.Alternatives.Skip(1)]);
            }
        }
    }

    private void Purge()
    {
        var before = _context.Time.GetUtcNow() - _context.Options.PartialTtl;
        foreach (var digest in _store.Ingests.Purge(before, digest => Find(digest) is not null))
        {
            MirrorLog.PartialPurged(_context.Logger, digest);
        }
    }
}
