using System.Collections.Immutable;
using Registry.Testing.Requests;

namespace Registry.Testing.Faults;

/// <summary>The faults in force, in the order in which they were written. Several may strike one request. Thread-safe.</summary>
internal sealed class FaultScript
{
    private ImmutableList<Fault> _faults = [];

    public void Add(Fault fault) => ImmutableInterlocked.Update(ref _faults, static (list, added) => list.Add(added), fault);

    public void Clear() => ImmutableInterlocked.Update(ref _faults, static list => list.Clear());

    public FaultEffects For(UpstreamRequest request)
    {
        var effects = new FaultEffects();
        foreach (var fault in Volatile.Read(ref _faults))
        {
            fault.Apply(request, effects);
        }

        return effects;
    }
}
