using Registry.Load.Clients;
using Registry.Load.Measures;

namespace Registry.Load.Simulations;

/// <summary>What one run of a step works with.</summary>
/// <param name="Number">The copy of the closed model, or the arrival of the open one, from 0.</param>
/// <param name="Connection">Nobody else's meanwhile.</param>
/// <param name="Received">To be told of received bytes as they come.</param>
internal readonly record struct StepContext(int Number, HttpConnection Connection, Throughput Received);
