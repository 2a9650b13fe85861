using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>What scenarios work with. Immutable.</summary>
/// <param name="Peers">The executables.</param>
/// <param name="Options">How long and how often.</param>
/// <param name="Client">For what is not timed, and for bodies that must be looked at.</param>
internal sealed record ScenarioContext(Peers Peers, RunOptions Options, HttpClient Client)
{
    /// <summary>One or the other size, by whether this is a smoke run.</summary>
    public T Pick<T>(T smoke, T real) => Options.Smoke ? smoke : real;

    /// <summary>The servers in an order that turns with the rounds, so that none always has the warmer machine.</summary>
    public static IEnumerable<T> InTurn<T>(IReadOnlyList<T> servers, int round) => servers.Select((_, index) => servers[(index + round) % servers.Count]);
}
