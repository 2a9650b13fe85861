using System.Globalization;
using Registry.Load.Charts;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Scenarios;

/// <summary>A large layer that is stored already, by few and by many connections: what it costs the server, and how fast it goes.</summary>
/// <param name="context">What to work with.</param>
/// <param name="tls">Over TLS 1.3, or plain.</param>
internal sealed class Pull(ScenarioContext context, bool tls) : IScenario
{
    private const int Few = 4;
    private const int Many = 32;

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);

    public string Name => tls ? "tls-pull" : "warm-pull";

    public string Title => tls ? "layers that are stored, over TLS 1.3" : "layers that are stored";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var size = context.Pick(4L << 20, 256 << 20);
        using var certificate = tls ? new Certificate() : null;
        await using var stand = await WarmStand.StartAsync(context.Peers, context.Client, [size], certificate, cancellation);
        var section = report.Section("One layer", string.Create(CultureInfo.InvariantCulture,
            $"A blob of {size / 1e6:0} MB from one data directory that all serve; {context.Options.Rounds} rounds of {context.Options.Duration.TotalSeconds:0.##} s for each line; closed model (KeepConstant). Bodies are thrown away {(tls ? "after decryption, in one buffer for each connection" : "in the kernel, without a copy")}."));
        var failed = 0;
        foreach (var connections in (int[])[Few, Many])
        {
            var speed = new LineChart($"{connections} connections: GB/s over time (last round)", "seconds");
            var memory = new LineChart($"{connections} connections: resident MB over time (last round)", "seconds");
            for (var round = 0; round < context.Options.Rounds; round++)
            {
                foreach (var server in ScenarioContext.InTurn(stand.Servers, round))
                {
                    var last = round == context.Options.Rounds - 1;
                    failed += await MeasureAsync(server, stand.LayerPath(), connections, section.Samples, last ? speed : null, last ? memory : null, cancellation);
                }
            }

            section.Charts.Add(speed);
            section.Charts.Add(memory);
        }

        section.Bars("Server CPU-seconds per GB", "s", Cost(Few), Cost(Many));
        section.Charts.Reverse();
        Judge(report, section.Samples);
        report.None("failed pulls", failed);
    }

    private static string Cost(int connections) => $"{connections} connections: CPU-seconds per GB";

    private async Task<int> MeasureAsync(
        Server server, string path, int connections, SampleTable samples, LineChart? speed, LineChart? memory, CancellationToken cancellation)
    {
        server.ResetPeak();
        var cpu = server.CpuSeconds;
        using var watch = new ServerWatch(server, WatchInterval);
        var result = await new LoadRunner(server.Connect).RunAsync(Steps.Get("layer", path), new KeepConstant(connections, context.Options.Duration), cancellation);
        var gigabytes = result.Received.Bytes / 1e9;
        samples.Add(Cost(connections), server.Name, (server.CpuSeconds - cpu) / gigabytes, "0.00");
        samples.Add($"{connections} connections: GB/s", server.Name, gigabytes / result.Elapsed.TotalSeconds, "0.00");
        samples.Add($"{connections} connections: peak RSS, MB", server.Name, server.PeakMegabytes, "0");
        samples.Add($"{connections} connections: generator's CPU-seconds per GB", server.Name, result.GeneratorCpu / gigabytes, "0.00");
        speed?.Add(server.Name, [.. result.Received.Points().Select(static point => (point.Seconds, point.BytesPerSecond / 1e9))]);
        await watch.EndAsync();
        memory?.Add(server.Name, watch.Megabytes);
        return result.Failed;
    }

    private void Judge(ScenarioReport report, SampleTable samples)
    {
        foreach (var (connections, nginx, pair) in tls ? [(Few, 1.1, 3.0), (Many, 1.1, 3.0)] : new[] { (Few, 1.3, 6.0), (Many, 1.8, 8.0) })
        {
            report.AtMost($"{connections} connections: CPU per GB ÷ that of {Names.NginxStatic}", samples.Ratio(Cost(connections), Names.Ours, Names.NginxStatic), nginx);
            report.AtLeast($"{connections} connections: CPU per GB of {Names.Pair} ÷ ours", samples.Ratio(Cost(connections), Names.Pair, Names.Ours), pair);
        }
    }
}
