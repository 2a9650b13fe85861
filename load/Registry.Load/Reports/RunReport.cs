namespace Registry.Load.Reports;

/// <summary>A whole run. Immutable.</summary>
/// <param name="Command">What was called.</param>
/// <param name="Date">When it began.</param>
/// <param name="Machine">Where, and how busy it was.</param>
/// <param name="Commit">Of what was measured.</param>
/// <param name="Versions">Of the programs.</param>
/// <param name="Minutes">How long it took.</param>
/// <param name="LoadAtEnd">The load average at its end.</param>
/// <param name="Scenarios">In the order in which they ran.</param>
internal sealed record RunReport(
    string Command, DateTimeOffset Date, string Machine, string Commit, string Versions, double Minutes, string LoadAtEnd, IReadOnlyList<ScenarioReport> Scenarios)
{
    public string Title => Scenarios is [var only] ? $"Load: {only.Title}" : "Load";

    /// <summary>What each report says before its figures.</summary>
    public IReadOnlyList<string> Preface =>
    [
        FormattableString.Invariant($"{Date:yyyy-MM-dd}, `{Command}`, commit {Commit}. {Machine}; load average at the end {LoadAtEnd}; {Minutes:0.0} minutes; everything on loopback of this one machine, the clients too."),
        Versions,
        "Each value is a median, with the least and the greatest in brackets; a ratio is the median of those within each round. The servers take turns. GB and MB are powers of ten. CPU is the server's own with all its processes, the generator's is told apart; a peak is VmHWM, summed over them.",
    ];
}
