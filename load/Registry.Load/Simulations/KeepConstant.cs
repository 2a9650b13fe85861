namespace Registry.Load.Simulations;

/// <summary>Closed model: so many copies, each of which begins again when it has ended. A slow server is asked less.</summary>
/// <param name="Copies">Clients, each with a connection of its own.</param>
/// <param name="During">How long.</param>
internal sealed record KeepConstant(int Copies, TimeSpan During) : LoadSimulation(During);
