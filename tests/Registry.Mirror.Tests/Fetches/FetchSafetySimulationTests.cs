namespace Registry.Mirror.Tests.Fetches;

/// <summary>Fetches whose sources lie or ignore ranges, and processes that end in the middle.</summary>
public sealed class FetchSafetySimulationTests(ITestOutputHelper output) : FetchSimulationTests(output)
{
    [Fact]
    public void Fetch_WithSourcesThatIgnoreRanges_ServesAllAndEnds() => Play(Scenarios.WithoutRanges, 10);

    [Fact]
    public void Fetch_WithWrongBytes_CompletesForNobodyUntilTheyAreRight() => Play(Scenarios.Corrupt, 15);

    [Fact]
    public void Fetch_AfterAKillOrAPowerCut_GoesOnFromWhatIsOnTheDisk() => Play(Scenarios.Killed, 15);

    [Fact]
    public void Fetch_AskedToStop_EndsAndLeavesAllToTheNext() => Play(Scenarios.Stopped, 5);
}
