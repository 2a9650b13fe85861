using System.Globalization;
using Registry.Load.Charts;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>Cold pulls from an upstream that is far away and slow: by one connection's pace, by the link's, and of many layers at once.</summary>
internal sealed class SlowUpstream(ScenarioContext context) : IScenario
{
    private const double WholeSpeedup = 6;
    private const long WorthEightConnections = 32 << 20;

    private static readonly string[] Columns =
        ["case", "server", "seconds until the last reader has all", "first byte, s", "asked upstream ÷ size", "connections at once", "peak RSS, MB", "CPU-seconds per GB", "right"];

    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly BarChart _chart = new("Seconds until the last reader has all", "s");
    private int _wrong;

    public string Name => "slow-upstream";

    public string Title => "layers that are not stored, from an upstream far away";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        await using var upstream = await Upstream.StartAsync(cancellation);
        var runner = new SlowPullRunner(context.Peers, upstream, context.Client, context.Pick(1, 3));
        await MeasurePullsAsync(report, runner, cancellation);
        await MeasureFullLinkAsync(report, runner, cancellation);
        await MeasureDistinctAsync(report, runner, cancellation);
        report.Sections[0].Charts.Add(_chart);
        report.None("wrong or broken answers of registry", _wrong);
    }

    private async Task MeasurePullsAsync(ScenarioReport report, SlowPullRunner runner, CancellationToken cancellation)
    {
        var section = report.Section(
            "One layer",
            "The upstream is a process of its own that makes its content on the fly; readers hash what they get. Three rounds, or one where docker-registry or curl would need 8 s or more. Every round has an empty data directory; the manifest is pulled first, as clients do, and not counted. A round trip is waited before the headers of every answer of the upstream. CPU is the server's own for each GB of the layer, whatever it fetches and however many read; curl's is that of `curl | tee FILE | sha256sum`, directly from the upstream.");
        section.Rows.Add(Columns);
        foreach (var pull in context.Options.Full ? SlowPull.Full : context.Pick(SlowPull.Smoke, SlowPull.Normal))
        {
            var results = await MeasureAsync(section, runner, pull, cancellation);
            if (results[^1].Server == SlowPullRunner.Directly && pull.Size >= WorthEightConnections)
            {
                report.AtLeast($"{pull}: speed ÷ that of curl's one connection", results[^1].Samples.Seconds.Median / results[0].Samples.Seconds.Median, WholeSpeedup);
            }
        }
    }

    private async Task MeasureFullLinkAsync(ScenarioReport report, SlowPullRunner runner, CancellationToken cancellation)
    {
        var section = report.Section("The link is the limit", "As above, but all connections together have one pace.");
        section.Rows.Add(Columns);
        var results = await MeasureAsync(section, runner, new SlowPull(context.Pick(1_000_000, 256_000_000), 1, new Link(0, 40_000_000, RoundTrip)), cancellation);
        report.AtMost("the link is the limit: seconds ÷ curl's", results[0].Samples.Seconds.Median / results[^1].Samples.Seconds.Median, 1.05);
    }

    private async Task MeasureDistinctAsync(ScenarioReport report, SlowPullRunner runner, CancellationToken cancellation)
    {
        var (count, size, pace) = context.Options.Full ? (200, 100_000_000L, 200_000_000L) : context.Pick((5, 200_000L, 130_000_000L), (200, 32_000_000L, 130_000_000L));
        var link = new Link(0, pace, RoundTrip);
        var samples = await runner.MeasureDistinctAsync(count, size, link, cancellation);
        var section = report.Section("Many cold pulls at once", "One round, a reader for each layer.");
        section.Rows.Add(Columns);
        section.Rows.Add(samples.Row(string.Create(CultureInfo.InvariantCulture, $"{count} different layers of {size / 1e6:0.#} MB at once, {link}"), Names.Ours));
        _wrong += samples.Readers - samples.Right;
        report.AtMost($"{count} cold pulls at once: peak RSS, MB", samples.PeakResident.Greatest, 64);
    }

    private async Task<IReadOnlyList<(string Server, PullSamples Samples)>> MeasureAsync(
        ReportSection section, SlowPullRunner runner, SlowPull pull, CancellationToken cancellation)
    {
        var results = await runner.MeasureAsync(pull, cancellation);
        section.Rows.AddRange(results.Select(result => result.Samples.Row(pull.ToString(), result.Server)));
        _chart.Add(pull.ToString(), [.. results.Select(static result => (result.Server, result.Samples.Seconds.Median))]);
        _wrong += results[0].Samples.Readers - results[0].Samples.Right;
        return results;
    }
}
