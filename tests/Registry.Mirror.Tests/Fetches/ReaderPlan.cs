namespace Registry.Mirror.Tests.Fetches;

/// <summary>What a simulated client wants.</summary>
/// <param name="First">First byte; from the end of the blob when negative.</param>
/// <param name="End">Byte after the last; null: to the end of the blob.</param>
/// <param name="ArrivesAt">When it comes.</param>
/// <param name="LeavesAfter">When it hangs up, counted from then; null: it stays.</param>
/// <param name="Rate">Bytes a second that it takes.</param>
internal sealed record ReaderPlan(long First, long? End, TimeSpan ArrivesAt, TimeSpan? LeavesAfter, double Rate);
