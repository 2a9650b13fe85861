using Registry.Mirror.Fetches;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>Counts the connections of all fetches against the budget.</summary>
internal sealed class NetworkLoad(FetchOptions options, SimulationTrace trace)
{
    public int Open { get; private set; }

    public void Enter()
    {
        if (++Open > Math.Min(options.PerUpstream, options.Total))
        {
            trace.Fault($"{Open} connections at once are more than the budget allows");
        }
    }

    public void Leave() => Open--;
}
