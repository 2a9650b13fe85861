using System.Globalization;
using Registry.Load.Charts;
using Registry.Load.Clients;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Scenarios;

/// <summary>A manifest by its tag: how many a second, and how long each takes at a rate that all can keep up with.</summary>
internal sealed class Manifests(ScenarioContext context) : IScenario
{
    private const int Connections = 32;
    private const int Layers = 8;
    private const int Rate = 500;
    private const string PerSecond = "answers a second";

    public string Name => "manifests";

    public string Title => "manifests by tag";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        await using var stand = await WarmStand.StartAsync(context.Peers, context.Client, [.. Enumerable.Repeat(4096L, Layers)], certificate: null, cancellation);
        var section = report.Section("As fast as it goes", string.Create(CultureInfo.InvariantCulture,
            $"{Connections} connections, {context.Options.Rounds} rounds of {context.Options.Duration.TotalSeconds:0.##} s: wrk, one thread, which costs the machine less than a generator of ours would; its CPU is told apart."));
        var errors = 0L;
        for (var round = 0; round < context.Options.Rounds; round++)
        {
            // wrk takes a second at least, which a smoke run has not got for each.
            foreach (var server in ScenarioContext.InTurn(context.Pick([.. stand.Servers.Take(1)], stand.Servers), round))
            {
                errors += await Wrk.MeasureAsync(server, WarmStand.ManifestPath, Connections, context.Options.Duration, section.Samples, "", cancellation);
            }
        }

        section.Bars("Manifests a second", "", PerSecond);
        var failed = await MeasureLatenciesAsync(report, stand, cancellation);
        report.AtLeast($"answers a second ÷ those of {Names.NginxStatic}", section.Samples.Ratio(PerSecond, Names.Ours, Names.NginxStatic), 0.8);
        report.AtLeast($"answers a second ÷ those of {Names.DockerRegistry}", section.Samples.Ratio(PerSecond, Names.Ours, Names.DockerRegistry), 20);
        report.None("failed requests", errors + failed);
    }

    private async Task<int> MeasureLatenciesAsync(ScenarioReport report, WarmStand stand, CancellationToken cancellation)
    {
        var section = report.Section("Latency at the same rate", string.Create(CultureInfo.InvariantCulture,
            $"Open model: InjectPerSec {Rate}, {context.Options.Rounds} rounds of {context.Options.Duration.TotalSeconds:0.##} s, counted from the moment when each should have been sent."));
        var all = stand.Servers.ToDictionary(static server => server.Name, static _ => new Latencies(), StringComparer.Ordinal);
        var failed = 0;
        for (var round = 0; round < context.Options.Rounds; round++)
        {
            foreach (var server in ScenarioContext.InTurn(stand.Servers, round))
            {
                var result = await new LoadRunner(server.Connect).RunAsync(
                    Steps.Get("manifest", WarmStand.ManifestPath), new InjectPerSec(Rate, context.Options.Duration), cancellation);
                section.Percentiles("manifest", server.Name, result.Steps[0].Latencies);
                all[server.Name].Add(result.Steps[0].Latencies);
                failed += result.Failed;
            }
        }

        var chart = new LineChart("Latency of a manifest: % of requests", "milliseconds", logarithmic: true);
        foreach (var (server, latencies) in all)
        {
            chart.Add(server, latencies.Histogram());
        }

        section.Charts.Add(chart);
        return failed;
    }
}
