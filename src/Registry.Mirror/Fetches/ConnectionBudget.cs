using System.Runtime.InteropServices;

namespace Registry.Mirror.Fetches;

/// <summary>
/// The bound on connections of all fetches together, and of those to one upstream. Thread-safe.
/// </summary>
/// <remarks>
/// A fetch's only connection waits for its turn, first come, first served. Further connections never wait, and are refused when less than a quarter of either bound is
/// free, so that a small blob, or the first bytes of another, always find a place soon, however large the layers are that are under way.
/// </remarks>
internal sealed class ConnectionBudget(FetchOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly List<Turn> _waiting = [];
    private FetchOptions _options = options;
    private int _total;

    /// <summary>Waits for a place.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired; no place is taken.</exception>
    public async Task EnterAsync(string upstream, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Turn turn;
        lock (_gate)
        {
            if (TryTake(upstream, spare: 0, spareOfAll: 0))
            {
                return;
            }

            turn = new Turn(upstream);
            _waiting.Add(turn);
        }

        await using var registration = cancellation.UnsafeRegister(static (state, token) => ((Turn)state!).Come.TrySetCanceled(token), turn);
        try
        {
            await turn.Come.Task;
        }
        finally
        {
            lock (_gate)
            {
                _waiting.Remove(turn);
            }
        }
    }

    /// <summary>Takes a place for a further connection if there is room.</summary>
    public bool TryEnter(string upstream)
    {
        lock (_gate)
        {
            return TryTake(upstream, _options.PerUpstream / 4, _options.Total / 4);
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(string upstream)
    {
        lock (_gate)
        {
            _total--;
            _open[upstream]--;

            TryCall();
        }
    }

    /// <summary>Sets other bounds. Places above them are not taken away, but given out no more when they come back.</summary>
    public void Resize(FetchOptions options)
    {
        lock (_gate)
        {
            _options = options;
            while (TryCall())
            {
            }
        }
    }

    // Under the lock. The first turn that has room comes; one that was cancelled meanwhile takes none.
    private bool TryCall()
    {
        var next = _waiting.FindIndex(turn => !turn.Come.Task.IsCompleted && HasRoom(turn.Upstream, 0, 0) && turn.Come.TrySetResult());
        if (next < 0)
        {
            return false;
        }

        Take(_waiting[next].Upstream);
        _waiting.RemoveAt(next);
        return true;
    }

    // Under the lock.
    private bool TryTake(string upstream, int spare, int spareOfAll)
    {
        var hasRoom = HasRoom(upstream, spare, spareOfAll);
        if (hasRoom)
        {
            Take(upstream);
        }

        return hasRoom;
    }

    // Under the lock.
    private bool HasRoom(string upstream, int spare, int spareOfAll) =>
        _options.PerUpstream - _open.GetValueOrDefault(upstream) > spare && _options.Total - _total > spareOfAll;

    // Under the lock.
    private void Take(string upstream)
    {
        _total++;
        CollectionsMarshal.GetValueRefOrAddDefault(_open, upstream, out _)++;
    }

    private sealed class Turn(string upstream)
    {
        public string Upstream => upstream;

        public TaskCompletionSource Come { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
