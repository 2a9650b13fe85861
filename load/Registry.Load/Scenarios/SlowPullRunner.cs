using System.Diagnostics;
using System.Globalization;
using Registry.Load.Clients;
using Registry.Load.Measures;
using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>Cold pulls from an upstream that is far away and slow: ours, docker-registry, and curl past both of them.</summary>
internal sealed class SlowPullRunner(Peers peers, Upstream upstream, HttpClient client, int rounds)
{
    /// <summary>The name of curl's rows.</summary>
    public const string Directly = "curl, directly";

    private static readonly TimeSpan SeveralRoundsBelow = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> _layers = new(StringComparer.Ordinal);

    /// <summary>Measures one case: ours, then docker-registry, then curl.</summary>
    public async Task<IReadOnlyList<(string Server, PullSamples Samples)>> MeasureAsync(SlowPull pull, CancellationToken cancellation)
    {
        var tag = pull.Size.ToString(CultureInfo.InvariantCulture);
        if (!_layers.TryGetValue(tag, out var digest))
        {
            _layers[tag] = digest = (await upstream.AddImageAsync(tag, pull.Size, 1, cancellation))[0];
        }

        await upstream.PaceAsync(pull.Link, cancellation);
        var blobs = Enumerable.Repeat(digest, pull.Readers).ToArray();
        var expected = TimeSpan.FromSeconds(pull.Size / (double)pull.Link.OneConnection);
        var results = new List<(string, PullSamples)>
        {
            (Names.Ours, await ServeAsync(Ours, tag, blobs, pull.Size, rounds, cancellation)),
        };
        if (!pull.OursAlone)
        {
            var theirs = ServerProgram.Registry(Names.DockerRegistry, peers.DockerRegistry, upstream: upstream.Url);
            results.Add((Names.DockerRegistry, expected > Longest
                ? new PullSamples { Skipped = "left out: over a minute" }
                : await ServeAsync(theirs, tag, blobs, pull.Size, expected < SeveralRoundsBelow ? rounds : 1, cancellation)));
        }

        if (pull is { OursAlone: false, Readers: 1 })
        {
            results.Add((Directly, await FetchDirectlyAsync(digest, pull.Size, expected < 2 * SeveralRoundsBelow ? rounds : 1, cancellation)));
        }

        return results;
    }

    /// <summary>Pulls of so many different blobs at once, through ours.</summary>
    public async Task<PullSamples> MeasureDistinctAsync(int count, long size, Link link, CancellationToken cancellation)
    {
        var blobs = await upstream.AddImageAsync("many", size, count, cancellation);
        await upstream.PaceAsync(link, cancellation);
        return await ServeAsync(Ours, "many", blobs, size * count, 1, cancellation);
    }

    private ServerProgram Ours => ServerProgram.Registry(Names.Ours, peers.Registry, upstream: upstream.Url);

    private async Task<PullSamples> ServeAsync(
        ServerProgram program, string tag, IReadOnlyList<string> blobs, long size, int times, CancellationToken cancellation)
    {
        var samples = new PullSamples();
        for (var round = 0; round < times; round++)
        {
            await using var server = await Server.StartAsync(program, cancellation);

            // As clients do: the manifest first, from which a mirror can know how large the layers are.
            await FirstByte.MeasureAsync(client, new Uri(server.Url, Upstream.ManifestPath(tag)).ToString(), cancellation);
            await upstream.ForgetAsync(cancellation);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            var cpu = server.CpuSeconds;
            var started = Stopwatch.GetTimestamp();
            Download[] downloads;
            try
            {
                downloads = await Task.WhenAll(blobs.Select(blob =>
                    Download.RunAsync(client, new Uri(server.Url, Upstream.BlobPath(blob)), blob, patience.Token)));
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new PullSamples { Skipped = $"not done after {Patience.TotalMinutes:0} minutes" };
            }

            samples.Seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            samples.CpuPerGigabyte.Add((server.CpuSeconds - cpu) / (size / 1e9));
            samples.PeakResident.Add(server.PeakMegabytes);
            samples.FirstByte.Add(downloads.Where(static download => !double.IsNaN(download.FirstByte)).Select(static download => download.FirstByte).DefaultIfEmpty(double.NaN).Min());
            samples.Readers += downloads.Length;
            samples.Right += downloads.Count(static download => download.Right);
            await CountAsync(samples, size, cancellation);
        }

        return samples;
    }

    private async Task<PullSamples> FetchDirectlyAsync(string digest, long size, int times, CancellationToken cancellation)
    {
        var samples = new PullSamples();
        for (var round = 0; round < times; round++)
        {
            await upstream.ForgetAsync(cancellation);
            var started = Stopwatch.GetTimestamp();
            var curl = await Curl.RunAsync(new Uri(upstream.Url, Upstream.BlobPath(digest)), digest, cancellation);
            samples.Seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            samples.FirstByte.Add(curl.FirstByte);
            samples.CpuPerGigabyte.Add(curl.CpuSeconds / (size / 1e9));
            samples.Readers++;
            samples.Right += curl.Right ? 1 : 0;
            await CountAsync(samples, size, cancellation);
        }

        return samples;
    }

    private async Task CountAsync(PullSamples samples, long size, CancellationToken cancellation)
    {
        var (bytes, atOnce) = await upstream.CountAsync(cancellation);
        samples.Asked.Add(bytes / (double)size);
        samples.Connections.Add(atOnce);
    }
}
