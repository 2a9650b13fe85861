namespace Registry.Load.Simulations;

/// <summary>One kind of work that is timed. Immutable; its delegate is called by many at once.</summary>
/// <param name="Name">As it stands in the report.</param>
/// <param name="RunAsync">Does it once. A broken connection may be thrown: it counts as a failure.</param>
/// <param name="Weight">How often it is chosen beside the others.</param>
internal sealed record Step(string Name, Func<StepContext, CancellationToken, ValueTask<Response>> RunAsync, int Weight = 1);
