namespace Registry.Mirror.Tests.Fetches;

/// <summary>Fetches whose sources may fail, but never lie.</summary>
public sealed class FetchTransferSimulationTests(ITestOutputHelper output) : FetchSimulationTests(output)
{
    [Fact]
    public void Fetch_WithOneConnection_ServesAllAndEnds() => Play(Scenarios.OneConnection, 5);

    [Fact]
    public void Fetch_WithoutFaults_ServesAllAndEnds() => Play(Scenarios.Clean, 15);

    [Fact]
    public void Fetch_WithBodiesThatBreakOff_ServesAllAndEnds() => Play(Scenarios.BrokenBodies, 15);

    [Fact]
    public void Fetch_WithFaultsOfEveryKind_ServesAllAndEnds() => Play(Scenarios.Faulty, 20);
}
