using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;
using Registry.Storage.Ingests;

namespace Registry.Mirror.Fetches;

/// <summary>
/// Bringing one blob from upstream: some transfers that write, one hash that follows, any number of readers that follow too. Thread-safe. See this room's README.
/// </summary>
/// <remarks>This part holds the state and the readers; the others hold the transfers and the verification.</remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The last use frees them: see EndUse.")]
internal sealed partial class Fetch
{
    /// <summary>
    /// So many bytes before the end no reader of the whole gets before the digest is confirmed: a wrong body can break a transfer, never complete one. A blob that is
    /// not longer reaches nobody before it is verified.
    /// </summary>
    public const int HoldBack = 16 << 10;

    private readonly Lock _gate = new();
    private readonly FetchContext _context;
    private readonly Ingest _ingest;
    private readonly SegmentMap _received;
    private readonly List<FetchReader> _waiting = [];
    private readonly HashSet<RepositoryName> _places = [];
    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource<UpstreamFailure?> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FetchState _state;
    private long? _length;
    private int _readers;
    private int _uses = 1;

    /// <summary>A fetch into an ingest, of which it takes over the writer's share.</summary>
    /// <param name="upstream">Name of the upstream, for the connection budget and the log.</param>
    /// <param name="ingest">Where the bytes go; what it has restored is not fetched again.</param>
    /// <param name="sources">Where they come from, best first; at least one.</param>
    /// <param name="context">What all fetches share.</param>
    /// <param name="oneByOne">Whether only the first source is asked, so that it can be named when the digest is wrong; the others' turn comes after that.</param>
    public Fetch(string upstream, Ingest ingest, IEnumerable<IBlobSource> sources, FetchContext context, bool oneByOne = false)
    {
        _upstream = upstream;
        _candidates = [.. sources];
        _ingest = ingest;
        _context = context;
        _received = ingest.Restored;
        _restored = _received.Received;
        _length = ingest.RestoredLength;
        _checkpointed = _restored;
        _sources = [.. _candidates.Take(oneByOne ? 1 : _candidates.Length).Select(source => new FetchSource(source))];
        _hasher = new ContentHasher(ingest.Digest.Algorithm);
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(context.Lifetime);
        _started = context.Time.GetTimestamp();
        _progressed = _started;
    }

    /// <summary>The blob.</summary>
    public Digest Digest => _ingest.Digest;

    /// <summary>The growing file; valid for who holds a share.</summary>
    public SafeFileHandle File => _ingest.Handle;

    /// <summary>Completes when the length is known or bytes come without one (null), or when the blob does not come (why).</summary>
    public Task<UpstreamFailure?> Opened => _opened.Task;

    /// <summary>Completes when the fetch is over and, if it succeeded, the blob is in the store with its links.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Length of the blob in bytes, once it is known.</summary>
    public long? Length
    {
        get
        {
            lock (_gate)
            {
                return _length;
            }
        }
    }

    /// <summary>The repositories that may have the blob.</summary>
    public IReadOnlyCollection<RepositoryName> Places
    {
        get
        {
            lock (_gate)
            {
                return [.. _places];
            }
        }
    }

    /// <summary>Whether the disk has ended the fetch: its readers can go on without it, see <see cref="PassBy"/>.</summary>
    public bool IsDiskFailure
    {
        get
        {
            lock (_gate)
            {
                return _diskError is not null;
            }
        }
    }

    /// <summary>A stream for one reader that the disk has no part in.</summary>
    public PassThrough PassBy() => new(_upstream, _sources.Select(source => source.Source), Digest, _context);

    /// <summary>Whether that repository is one of those that may have the blob.</summary>
    public bool IsFor(RepositoryName place)
    {
        lock (_gate)
        {
            return _places.Contains(place);
        }
    }

    /// <summary>Adds a repository whose own upstream has the blob: it gets its link when the blob is complete. False when it is too late for that.</summary>
    public bool TryAdd(RepositoryName place)
    {
        lock (_gate)
        {
            if (_state == FetchState.Running)
            {
                _places.Add(place);
            }

            return _state == FetchState.Running;
        }
    }

    /// <summary>A new reader; null when the fetch has failed or is over.</summary>
    public FetchReader? TryFollow()
    {
        lock (_gate)
        {
            if (_state == FetchState.Failed || _ended.Task.IsCompleted)
            {
                return null;
            }

            _ingest.Share();
            _readers++;
            return new FetchReader(this);
        }
    }

    /// <summary>What to tell a client that cannot wait any longer for headers.</summary>
    public UpstreamFailure NotYet() =>
        new(UpstreamFailureKind.Timeout, _upstream, $"{_upstream} has not begun to send the blob; it is waited for, ask again") { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>Whether bytes can be read where the reader stands; if not, it is on the list of those waiting when this returns false.</summary>
    /// <exception cref="BlobBrokenException">The blob does not come.</exception>
    internal bool TryRead(FetchReader reader, out long available)
    {
        lock (_gate)
        {
            if (_state == FetchState.Failed)
            {
                throw Broken();
            }

            available = Available(reader);
            if (available > 0 || IsAtEnd(reader))
            {
                return true;
            }

            _waiting.Add(reader);
            if (!MakeWay(_received.EndOfRun(reader.Position)))
            {
                return false;
            }
        }

        Pump();
        return false;
    }

    internal bool TryStopWaiting(FetchReader reader)
    {
        lock (_gate)
        {
            return _waiting.Remove(reader);
        }
    }

    internal void Leave(FetchReader reader)
    {
        bool abandoned;
        lock (_gate)
        {
            _waiting.Remove(reader);
            abandoned = --_readers == 0 && !_context.Options.Finish && _state == FetchState.Running;
        }

        _ingest.Release();
        if (abandoned)
        {
            Fail(new UpstreamFailure(UpstreamFailureKind.Unavailable, _upstream, "nobody waits for the blob any more"));
        }
    }

    // Under the lock.
    private long Available(FetchReader reader)
    {
        var end = _received.EndOfRun(reader.Position);
        if (_state != FetchState.Verified && !reader.IsClosed)
        {
            end = Math.Min(end, (_length ?? end) - HoldBack);
        }

        return Math.Max(0, end - reader.Position);
    }

    // Under the lock.
    private bool IsAtEnd(FetchReader reader) => _state == FetchState.Verified && reader.Position >= _length;

    // Under the lock.
    private void WakeReaders()
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var reader = _waiting[i];
            var available = Available(reader);
            if (available > 0 || IsAtEnd(reader))
            {
                _waiting[i] = _waiting[^1];
                _waiting.RemoveAt(_waiting.Count - 1);
                reader.Wake(available);
            }
        }
    }

    // Whatever runs, be it a transfer, a hash or a checkpoint, is one use; the last one frees what they share.
    private void EndUse()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            _hasher.Dispose();
            _stopping.Dispose();
            _ingest.Release();
        }
    }

    private BlobBrokenException Broken() => new(_failure?.Message ?? _diskError?.Message ?? "the fetch has ended");
}
