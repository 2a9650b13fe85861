using System.Diagnostics;
using System.Globalization;
using Registry.Load.Clients;
using Registry.Load.Content;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>What is not stored yet and comes through a mirror. The upstream is a docker-registry on the same machine.</summary>
internal sealed class ColdPull(ScenarioContext context) : IScenario
{
    private const string Repository = "load/cold";
    private const string Peak = "peak RSS, MB";

    public string Name => "cold-pull";

    public string Title => "layers that are not stored, from an upstream near by";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var (count, size) = context.Pick((4, 200_000L), (50, 20_000_000L));
        await using var upstream = await Server.StartAsync(ServerProgram.Registry("upstream", context.Peers.DockerRegistry), cancellation);
        var blobs = (await Image.PushAsync(context.Client, upstream.Url, Repository, seed: 100, [.. Enumerable.Repeat(size, count)], cancellation)).Layers;
        ServerProgram[] mirrors =
        [
            ServerProgram.Registry(Names.Ours, context.Peers.Registry, upstream: upstream.Url),
            ServerProgram.Registry(Names.DockerRegistry, context.Peers.DockerRegistry, upstream: upstream.Url),
        ];
        var atOnce = report.Section("All at once", string.Create(CultureInfo.InvariantCulture,
            $"{count} blobs of {size / 1e6:0.#} MB at once through a mirror with an empty directory, {context.Options.Rounds} rounds. The upstream is a docker-registry on the same machine."));
        for (var round = 0; round < context.Options.Rounds; round++)
        {
            foreach (var mirror in ScenarioContext.InTurn(mirrors, round))
            {
                await using var server = await Server.StartAsync(mirror, cancellation);
                await MeasureAtOnceAsync(server, blobs, atOnce.Samples, cancellation);
            }
        }

        var firstByte = report.Section("First byte", "The blobs one after the other, each first from the upstream, then through the mirror that has never seen it.");
        foreach (var mirror in mirrors)
        {
            await using var server = await Server.StartAsync(mirror, cancellation);
            await MeasureFirstBytesAsync(server, upstream, blobs, firstByte.Samples, cancellation);
        }

        atOnce.Bars("Peak resident MB", "MB", Peak);
        report.AtMost(Peak, atOnce.Samples.Of(Peak, Names.Ours).Greatest, 64);
    }

    private async Task MeasureAtOnceAsync(Server server, IReadOnlyList<string> blobs, SampleTable table, CancellationToken cancellation)
    {
        table.Add("RSS before, MB", server.Name, server.ResidentMegabytes, "0");
        server.ResetPeak();
        var started = Stopwatch.GetTimestamp();
        var cpu = server.CpuSeconds;
        var generator = ProcessUsage.OfThisProcess;
        await Task.WhenAll(blobs.Select(blob => FirstByte.MeasureAsync(context.Client, BlobUrl(server, blob), cancellation)));
        table.Add(Peak, server.Name, server.PeakMegabytes, "0");
        table.Add("CPU-seconds", server.Name, server.CpuSeconds - cpu, "0.0");
        table.Add("generator's CPU-seconds", server.Name, ProcessUsage.OfThisProcess - generator, "0.0");
        table.Add("seconds until all have all", server.Name, Stopwatch.GetElapsedTime(started).TotalSeconds, "0.0");
    }

    private async Task MeasureFirstBytesAsync(
        Server server, Server upstream, IReadOnlyList<string> blobs, SampleTable table, CancellationToken cancellation)
    {
        // Connections are open and code is warm on both ways before anything counts.
        await FirstByte.MeasureAsync(context.Client, new Uri(server.Url, $"/v2/{Repository}/manifests/{Image.Tag}").ToString(), cancellation);
        await FirstByte.MeasureAsync(context.Client, new Uri(upstream.Url, $"/v2/{Repository}/manifests/{Image.Tag}").ToString(), cancellation);
        foreach (var blob in blobs)
        {
            var direct = await FirstByte.MeasureAsync(context.Client, BlobUrl(upstream, blob), cancellation);
            var through = await FirstByte.MeasureAsync(context.Client, BlobUrl(server, blob), cancellation);
            table.Add("directly from the upstream, ms", server.Name, direct, "0.0");
            table.Add("through the mirror, ms", server.Name, through, "0.0");
            table.Add("difference, ms", server.Name, through - direct, "0.0");
        }
    }

    private static string BlobUrl(Server server, string blob) => new Uri(server.Url, $"/v2/{Repository}/blobs/{blob}").ToString();
}
