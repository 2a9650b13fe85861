namespace Registry.Load.Clients;

/// <summary>What one run of wrk came to.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Answers">Answers that were complete.</param>
/// <param name="Errors">Failed connects, reads, writes, statuses and timeouts.</param>
internal readonly record struct WrkResult(double Seconds, long Answers, long Errors);
