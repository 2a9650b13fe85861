using Registry.Load.Clients;
using Registry.Load.Content;
using Registry.Load.Measures;
using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>
/// What is stored already: throughput, CPU, memory, manifests, starts. Ours serves the very directory that docker-registry was filled through, as a private registry.
/// </summary>
internal sealed class WarmPull(Peers peers, Rounds rounds, HttpClient client)
{
    public const long BlobSize = 256 << 20;

    private const string Repository = "load/warm";
    private const int ManifestConnections = 32;
    private const int IdleSamples = 3;

    private static readonly int[] BlobConnections = [4, 32];
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    /// <summary>Throughput of blobs and manifests.</summary>
    public async Task<SampleTable> MeasureThroughputAsync(CancellationToken cancellation)
    {
        var table = new SampleTable();
        var data = Directory.CreateTempSubdirectory("registry-load-data-");
        try
        {
            await using var theirs = await Server.StartAsync(ServerProgram.Registry("docker-registry", peers.DockerRegistry, data.FullName), cancellation);
            var digests = await Image.PushAsync(client, theirs.Url, Repository, seed: 1, layers: 1, BlobSize, cancellation);
            await using var ours = await Server.StartAsync(ServerProgram.Registry("registry", peers.Registry, data.FullName), cancellation);
            for (var round = 0; round < rounds.Throughput; round++)
            {
                // The order turns, so that neither always has the warmer machine.
                foreach (var server in round % 2 == 0 ? new[] { ours, theirs } : [theirs, ours])
                {
                    await MeasureRoundAsync(server, digests[0], table, cancellation);
                }
            }
        }
        finally
        {
            data.Delete(recursive: true);
        }

        return table;
    }

    /// <summary>Start to first answer, and memory when idle.</summary>
    public async Task<SampleTable> MeasureStartsAsync(CancellationToken cancellation)
    {
        var table = new SampleTable();
        ServerProgram[] programs =
        [
            ServerProgram.Registry("registry", peers.Registry),
            ServerProgram.Hello(peers.Hello),
            ServerProgram.Registry("docker-registry", peers.DockerRegistry),
        ];
        for (var start = 0; start < rounds.Starts; start++)
        {
            foreach (var program in programs)
            {
                await using var server = await Server.StartAsync(program, cancellation);
                table.Add("start to first answer, ms", server.Name, server.FirstAnswer.TotalMilliseconds, "0");
                if (start < IdleSamples)
                {
                    await Task.Delay(Settle, cancellation);
                    table.Add("idle RSS after one answer, MB", server.Name, server.ResidentMegabytes, "0.0");
                }
            }
        }

        return table;
    }

    private async Task MeasureRoundAsync(Server server, string blob, SampleTable table, CancellationToken cancellation)
    {
        foreach (var connections in BlobConnections)
        {
            server.ResetPeak();
            var (result, cpu) = await DriveAsync(server, $"/v2/{Repository}/blobs/{blob}", connections, cancellation);
            var gigabytes = result.Bytes / 1e9;
            table.Add($"blob, {connections} connections: GB/s", server.Name, gigabytes / result.Seconds, "0.00");
            table.Add($"blob, {connections} connections: CPU-seconds per GB", server.Name, cpu / gigabytes, "0.00");
            table.Add($"blob, {connections} connections: peak RSS, MB", server.Name, server.PeakMegabytes, "0");
            table.Add($"blob, {connections} connections: errors", server.Name, result.Errors, "0");
        }

        var (manifests, manifestCpu) = await DriveAsync(server, $"/v2/{Repository}/manifests/{Image.Tag}", ManifestConnections, cancellation);
        table.Add($"manifest by tag, {ManifestConnections} connections: answers a second", server.Name, manifests.Answers / manifests.Seconds, "0");
        table.Add($"manifest by tag, {ManifestConnections} connections: CPU per answer, µs", server.Name, manifestCpu * 1e6 / manifests.Answers, "0");
        table.Add($"manifest by tag, {ManifestConnections} connections: errors", server.Name, manifests.Errors, "0");
    }

    private async Task<(WrkResult Result, double Cpu)> DriveAsync(Server server, string path, int connections, CancellationToken cancellation)
    {
        var before = server.CpuSeconds;
        var result = await Wrk.RunAsync(new Uri(server.Url, path).ToString(), connections, rounds.Duration, cancellation);
        return (result, server.CpuSeconds - before);
    }
}
