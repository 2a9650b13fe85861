using Registry.Testing.Requests;

namespace Registry.Testing.Faults;

/// <summary>One thing that goes wrong for certain requests. Thread-safe.</summary>
public sealed class Fault
{
    private readonly Func<UpstreamRequest, bool> _condition;
    private readonly int _first;
    private readonly int _last;
    private readonly Action<FaultEffects> _effect;
    private int _matches;
    private int _hits;
    private volatile bool _withdrawn;

    internal Fault(Func<UpstreamRequest, bool> condition, int first, int last, Action<FaultEffects> effect)
    {
        _condition = condition;
        _first = first;
        _last = last;
        _effect = effect;
    }

    /// <summary>How many requests it has struck.</summary>
    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Strikes no further request.</summary>
    public void Withdraw() => _withdrawn = true;

    internal void Apply(UpstreamRequest request, FaultEffects effects)
    {
        if (_withdrawn || !_condition(request))
        {
            return;
        }

        var match = Interlocked.Increment(ref _matches);
        if (match >= _first && match <= _last)
        {
            Interlocked.Increment(ref _hits);
            _effect(effects);
        }
    }
}
