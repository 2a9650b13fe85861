using System.Globalization;
using Registry.Load.Clients;
using Registry.Load.Reports;
using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>Sixteen bytes out of a large blob, which should cost no more than a manifest.</summary>
internal sealed class RangeRequests(ScenarioContext context) : IScenario
{
    private const int Connections = 32;
    private const string PerSecond = "answers a second";
    private const string RangePrefix = "range: ";
    private const string ManifestPrefix = "manifest: ";

    public string Name => "range";

    public string Title => "16 bytes of a large blob beside a manifest";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var size = context.Pick(4_000_000L, 1_000_000_000);
        await using var stand = await WarmStand.StartAsync(context.Peers, context.Client, [size], certificate: null, cancellation);
        var section = report.Section("A small range", string.Create(CultureInfo.InvariantCulture,
            $"16 bytes from the middle of a blob of {size / 1e6:0} MB, and a manifest by tag; wrk, one thread, {Connections} connections, {context.Options.Rounds} rounds of {context.Options.Duration.TotalSeconds:0.##} s."));
        var range = string.Create(CultureInfo.InvariantCulture, $"bytes={size / 2}-{(size / 2) + 15}");
        var errors = 0L;
        for (var round = 0; round < context.Options.Rounds; round++)
        {
            // wrk takes a second at least, which a smoke run has not got for each.
            foreach (var server in ScenarioContext.InTurn(context.Pick([.. stand.Servers.Take(1)], stand.Servers), round))
            {
                errors += await Wrk.MeasureAsync(server, stand.LayerPath(), Connections, context.Options.Duration, section.Samples, RangePrefix, cancellation, $"Range: {range}");
                errors += await Wrk.MeasureAsync(server, WarmStand.ManifestPath, Connections, context.Options.Duration, section.Samples, ManifestPrefix, cancellation);
            }
        }

        section.Bars("Answers a second", "", RangePrefix + PerSecond, ManifestPrefix + PerSecond);
        report.AtLeast("ranges a second ÷ manifests a second", section.Samples.Ratio(RangePrefix + PerSecond, Names.Ours, ManifestPrefix + PerSecond, Names.Ours), 0.8);
        report.None("failed requests", errors);
    }
}
