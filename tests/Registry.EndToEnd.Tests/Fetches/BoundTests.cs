using Registry.Testing.Images;
using Registry.Testing.Requests;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>Sixty fetches at once stay within their bounds, and leave a place for a small one.</summary>
public sealed class BoundTests : FetchTest
{
    private const int Blobs = 60;
    private const int Most = 8;

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("total: 8, perupstream: 24")]
    [InlineData("total: 64, perupstream: 8")]
    public async Task Fetch_SixtyBlobsAtOnce_StaysWithinItsBounds(string bounds)
    {
        await using var upstream = await StartUpstreamAsync();
        var blobs = Enumerable.Range(0, Blobs).Select(n => upstream.Content.AddBlob(Repository, new SeededContent((ulong)n, 3 * Mebi))).ToArray();
        upstream.Pace.BytesPerSecondPerConnection = 16 * Mebi;
        await using var server = await StartFetcherAsync($"connections: 4, minsegment: 512KiB, {bounds}", upstream);

        var reading = Task.WhenAll(blobs.Select(blob => ReadAsync(server, upstream, blob.Digest)));
        var peak = await WatchAsync(upstream.Log, server.Process, reading);
        var readings = await reading;

        AssertAllRight(readings, server);
        TestContext.Current.SendDiagnosticMessage("{0}", peak);
        Assert.InRange(peak.Connections, 1, Most);
        Assert.InRange(peak.ResidentBytes, 1, 64L * Mebi);

        // For each reader its connection and a share of the file, for each connection upstream one; the rest is the runtime's.
        Assert.InRange(peak.OpenFiles, 1, (2 * Blobs) + Most + 100);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Fetch_SmallBlobBesideLargeOnes_IsNotStarved()
    {
        await using var upstream = await StartUpstreamAsync();
        var large = Enumerable.Range(0, 4).Select(n => upstream.Content.AddBlob(Repository, new SeededContent((ulong)n, 32 * Mebi))).ToArray();
        var small = upstream.Content.AddBlob(Repository, new SeededContent(99, 100_000));
        upstream.Pace.BytesPerSecondPerConnection = 4 * Mebi;
        await using var server = await StartFetcherAsync("connections: 8, minsegment: 1MiB, total: 16, perupstream: 16", upstream);
        var running = large.Select(blob => ReadAsync(server, upstream, blob.Digest)).ToArray();
        await upstream.Log.WaitForAsync(log => log.Count(request => request is { IsBlob: true, Ended: false }) >= 12, Token);

        AssertAllRight([await ReadAsync(server, upstream, small.Digest)], server);

        Assert.All(running, reading => Assert.False(reading.IsCompleted));
        upstream.Pace.BytesPerSecondPerConnection = 0;
        AssertAllRight(await Task.WhenAll(running), server);
    }

    private static async Task<Peak> WatchAsync(RequestLog log, Testing.Processes.Daemon server, Task until)
    {
        var peak = default(Peak);
        while (!until.IsCompleted)
        {
            peak = new Peak(
                Math.Max(peak.Connections, log.Count(request => request is { IsBlob: true, Ended: false })),
                Math.Max(peak.ResidentBytes, await server.ResidentBytesAsync(Token)),
                Math.Max(peak.OpenFiles, System.IO.Directory.GetFiles($"/proc/{server.Id}/fd").Length));
            await Task.WhenAny(until, Task.Delay(TimeSpan.FromMilliseconds(20), Token));
        }

        return peak;
    }

    private readonly record struct Peak(int Connections, long ResidentBytes, int OpenFiles);
}
