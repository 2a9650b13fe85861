namespace Registry.Load.Simulations;

/// <summary>Open model whose rate goes evenly from that of the simulation before it (0 for the first) to its own.</summary>
/// <param name="Rate">Arrivals a second at the end.</param>
/// <param name="During">How long.</param>
internal sealed record RampingInject(double Rate, TimeSpan During) : LoadSimulation(During);
