namespace Registry.Load.Simulations;

/// <summary>Open model: so many arrivals a second, evenly, whether or not earlier ones have ended.</summary>
/// <param name="Rate">Arrivals a second.</param>
/// <param name="During">How long.</param>
internal sealed record InjectPerSec(double Rate, TimeSpan During) : LoadSimulation(During);
