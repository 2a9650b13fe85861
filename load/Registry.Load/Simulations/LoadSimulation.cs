namespace Registry.Load.Simulations;

/// <summary>How work arrives for a while, in NBomber's words. Immutable.</summary>
/// <param name="During">How long.</param>
internal abstract record LoadSimulation(TimeSpan During);
