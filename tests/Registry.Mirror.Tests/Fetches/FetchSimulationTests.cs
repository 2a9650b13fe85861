using System.Globalization;
using System.Text;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>
/// Thousands of scenarios of a fetch, each decided by its seed alone. <c>REGISTRY_SEEDS=100000</c> plays more of them; <c>REGISTRY_SEED=123</c> plays that one and
/// prints what happens.
/// </summary>
public abstract class FetchSimulationTests(ITestOutputHelper output)
{
    private const int MaxShown = 250;

    private static readonly int Share = Number("REGISTRY_SEEDS") ?? 2000;
    private static readonly int? Only = Number("REGISTRY_SEED");

    private protected void Play(Func<int, Scenario> make, int percent)
    {
        var seeds = Only is { } only ? [only] : Enumerable.Range(0, Math.Max(1, Share * percent / 100));
        foreach (var seed in seeds)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var trace = FetchSimulation.Play(make(seed), keepsText: Only is not null);
            if (trace.Faults.Count > 0)
            {
                var told = Only is null ? FetchSimulation.Play(make(seed), keepsText: true) : trace;
                Assert.Fail(Tell(seed, make(seed), told));
            }

            if (seed % 10 == 0)
            {
                var again = FetchSimulation.Play(make(seed), keepsText: false);
                Assert.True(trace.Fingerprint == again.Fingerprint, $"Seed {seed} does not play the same twice.\n{FirstDifference(make(seed))}");
            }

            if (Only is not null)
            {
                output.WriteLine(Tell(seed, make(seed), trace));
            }
        }
    }

    private static string Tell(int seed, Scenario scenario, SimulationTrace trace)
    {
        var text = new StringBuilder();
        text.AppendJoin('\n', trace.Faults).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Seed {seed}: {scenario.Length} bytes, {scenario.Options}");
        text.AppendJoin('\n', scenario.Sources.Select(source => $"{source}")).AppendLine();
        text.AppendJoin('\n', scenario.Readers.Select(reader => $"{reader}")).AppendLine();
        var lines = Only is null ? trace.Lines.TakeLast(MaxShown) : trace.Lines;
        return text.AppendJoin('\n', lines).ToString();
    }

    private static string FirstDifference(Scenario scenario)
    {
        var one = FetchSimulation.Play(scenario, keepsText: true).Lines;
        var other = FetchSimulation.Play(scenario, keepsText: true).Lines;
        var (first, second) = one.Zip(other).FirstOrDefault(pair => pair.First != pair.Second);
        return $"{first}\n{second}";
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
