using System.Globalization;
using Registry.Load.Charts;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Scenarios;

/// <summary>A realistic mix at a rate that does not depend on the answers.</summary>
internal sealed class MixedDay(ScenarioContext context) : IScenario
{
    private const int Layers = 40;

    /// <summary>Of some 1 MB: a slow reader of the largest would outlast everything.</summary>
    private const int SlowLayer = 32;

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);

    private readonly int _rate = context.Pick(200, 300);
    private readonly int _rounds = context.Pick(1, 3);
    private int _seed;

    public string Name => "mixed-day";

    public string Title => "a realistic mix, open model";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        LoadSimulation[] simulations = [new RampingInject(_rate, context.Pick(TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(5))), new InjectPerSec(_rate, context.Pick(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(15)))];
        await using var stand = await WarmStand.StartAsync(context.Peers, context.Client, DayMix.Sizes(context.Pick(8, Layers)), certificate: null, cancellation);
        var section = report.Section("The mix", string.Create(CultureInfo.InvariantCulture,
            $"{DayMix.Description}. RampingInject to {_rate} arrivals a second within {simulations[0].During.TotalSeconds:0.#} s, then InjectPerSec {_rate} for {simulations[1].During.TotalSeconds:0.#} s; {_rounds} rounds. Latency counts from the moment when each should have begun to its last byte."));
        var charts = new Charted();
        var failed = 0;
        var servers = stand.Servers.Where(static server => server.Name != Names.NginxStatic).ToList();
        for (var round = 0; round < _rounds; round++)
        {
            charts = new Charted();
            foreach (var server in ScenarioContext.InTurn(servers, round))
            {
                var ours = await MeasureAsync(stand, server, simulations, section, charts, cancellation);
                failed += server.Name == Names.Ours ? ours : 0;
            }
        }

        section.Charts.AddRange([charts.Manifests, charts.Layers, charts.Speed, charts.Memory]);
        report.None("failed of ours", failed);
    }

    private async Task<int> MeasureAsync(
        WarmStand stand, Server server, LoadSimulation[] simulations, ReportSection section, Charted charts, CancellationToken cancellation)
    {
        server.ResetPeak();
        var cpu = server.CpuSeconds;
        using var watch = new ServerWatch(server, WatchInterval);
        var result = await new LoadRunner(server.Connect).RunAsync(DayMix.Steps(stand, _seed++, context.Pick(0, SlowLayer)), simulations, cancellation);
        section.Samples.Add("CPU-seconds", server.Name, server.CpuSeconds - cpu, "0.00");
        section.Samples.Add("generator's CPU-seconds", server.Name, result.GeneratorCpu, "0.00");
        section.Samples.Add("peak RSS, MB", server.Name, server.PeakMegabytes, "0");
        section.Samples.Add("done", server.Name, result.Ok, "0");
        section.Samples.Add("failed", server.Name, result.Failed, "0");
        foreach (var step in result.Steps.Where(static step => step.Name != DayMix.SlowReader))
        {
            section.Percentiles(step.Name, server.Name, step.Latencies);
        }

        charts.Manifests.Add(server.Name, result.Steps[0].Latencies.Histogram());
        charts.Layers.Add(server.Name, result.Steps[2].Latencies.Histogram());
        charts.Speed.Add(server.Name, [.. result.Received.Points().Select(static point => (point.Seconds, point.BytesPerSecond / 1e6))]);
        await watch.EndAsync();
        charts.Memory.Add(server.Name, watch.Megabytes);
        if (result.FirstError is { } error)
        {
            await Console.Error.WriteLineAsync($" {server.Name}: {error}");
        }

        return result.Failed;
    }

    /// <summary>The charts of one round.</summary>
    private sealed class Charted
    {
        public LineChart Manifests { get; } = new("Latency of a manifest: % of requests (last round)", "milliseconds", logarithmic: true);

        public LineChart Layers { get; } = new("Latency of a layer: % of requests (last round)", "milliseconds", logarithmic: true);

        public LineChart Speed { get; } = new("MB/s over time (last round)", "seconds");

        public LineChart Memory { get; } = new("Resident MB over time (last round)", "seconds");
    }
}
