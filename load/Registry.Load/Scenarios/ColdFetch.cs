using System.Diagnostics;
using Registry.Load.Clients;
using Registry.Load.Content;
using Registry.Load.Measures;
using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>What is not stored yet and comes through a mirror. The upstream is a docker-registry on the same machine.</summary>
internal sealed class ColdFetch(Peers peers, Rounds rounds, HttpClient client)
{
    public const int Blobs = 30;
    public const long BlobSize = 20 << 20;

    private const string Repository = "load/cold";

    /// <summary>Memory while all blobs are fetched at once, and the first byte of each fetched alone.</summary>
    public async Task<(SampleTable AtOnce, SampleTable FirstByte)> MeasureAsync(CancellationToken cancellation)
    {
        var atOnce = new SampleTable();
        var firstByte = new SampleTable();
        await using var upstream = await Server.StartAsync(ServerProgram.Registry("upstream", peers.DockerRegistry), cancellation);
        var blobs = await Image.PushAsync(client, upstream.Url, Repository, seed: 100, Blobs, BlobSize, cancellation);
        ServerProgram[] mirrors =
        [
            ServerProgram.Registry("registry", peers.Registry, upstream: upstream.Url),
            ServerProgram.Registry("docker-registry", peers.DockerRegistry, upstream: upstream.Url),
        ];
        for (var round = 0; round < rounds.Cold; round++)
        {
            foreach (var mirror in mirrors)
            {
                await using var server = await Server.StartAsync(mirror, cancellation);
                await MeasureAtOnceAsync(server, blobs, atOnce, cancellation);
            }
        }

        foreach (var mirror in mirrors)
        {
            await using var server = await Server.StartAsync(mirror, cancellation);
            await MeasureFirstBytesAsync(server, upstream, blobs, firstByte, cancellation);
        }

        return (atOnce, firstByte);
    }

    private async Task MeasureAtOnceAsync(Server server, IReadOnlyList<string> blobs, SampleTable table, CancellationToken cancellation)
    {
        table.Add("RSS before, MB", server.Name, server.ResidentMegabytes, "0");
        server.ResetPeak();
        var started = Stopwatch.GetTimestamp();
        var cpu = server.CpuSeconds;
        await Task.WhenAll(blobs.Select(blob => FirstByte.MeasureAsync(client, BlobUrl(server, blob), cancellation)));
        table.Add("peak RSS, MB", server.Name, server.PeakMegabytes, "0");
        table.Add("CPU-seconds", server.Name, server.CpuSeconds - cpu, "0.0");
        table.Add("seconds until all have all", server.Name, Stopwatch.GetElapsedTime(started).TotalSeconds, "0.0");
    }

    private async Task MeasureFirstBytesAsync(
        Server server, Server upstream, IReadOnlyList<string> blobs, SampleTable table, CancellationToken cancellation)
    {
        // Connections are open and code is warm on both ways before anything counts.
        await FirstByte.MeasureAsync(client, new Uri(server.Url, $"/v2/{Repository}/manifests/{Image.Tag}").ToString(), cancellation);
        await FirstByte.MeasureAsync(client, new Uri(upstream.Url, $"/v2/{Repository}/manifests/{Image.Tag}").ToString(), cancellation);
        foreach (var blob in blobs.Take(rounds.FirstBytes))
        {
            var direct = await FirstByte.MeasureAsync(client, BlobUrl(upstream, blob), cancellation);
            var through = await FirstByte.MeasureAsync(client, BlobUrl(server, blob), cancellation);
            table.Add("directly from the upstream, ms", server.Name, direct, "0.0");
            table.Add("through the mirror, ms", server.Name, through, "0.0");
            table.Add("difference, ms", server.Name, through - direct, "0.0");
        }
    }

    private static string BlobUrl(Server server, string blob) => new Uri(server.Url, $"/v2/{Repository}/blobs/{blob}").ToString();
}
