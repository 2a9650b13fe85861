using System.Collections.Concurrent;

namespace Registry.Mirror.Fetches;

/// <summary>
/// The bound on connections of all fetches together, and of those to one upstream. Thread-safe.
/// </summary>
/// <remarks>
/// A fetch's only connection waits for its turn. Further connections never wait, and are refused when less than a quarter of either bound is free, so that a small
/// blob, or the first bytes of another, always find a place soon, however large the layers are that are under way.
/// </remarks>
internal sealed class ConnectionBudget(FetchOptions options) : IDisposable
{
    private readonly SemaphoreSlim _total = new(options.Total, options.Total);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _upstreams = new(StringComparer.Ordinal);

    /// <summary>Waits for a place.</summary>
    public async Task EnterAsync(string upstream, CancellationToken cancellation)
    {
        var own = Of(upstream);
        await own.WaitAsync(cancellation);
        try
        {
            await _total.WaitAsync(cancellation);
        }
        catch
        {
            own.Release();
            throw;
        }
    }

    /// <summary>Takes a place for a further connection if there is room.</summary>
    public bool TryEnter(string upstream)
    {
        var own = Of(upstream);
        if (own.CurrentCount <= options.PerUpstream / 4 || _total.CurrentCount <= options.Total / 4 || !own.Wait(0))
        {
            return false;
        }

        if (_total.Wait(0))
        {
            return true;
        }

        own.Release();
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(string upstream)
    {
        _total.Release();
        Of(upstream).Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _total.Dispose();
        foreach (var own in _upstreams.Values)
        {
            own.Dispose();
        }
    }

    private SemaphoreSlim Of(string upstream) =>
        _upstreams.GetOrAdd(upstream, static (_, bound) => new SemaphoreSlim(bound, bound), options.PerUpstream);
}
