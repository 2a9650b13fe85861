using System.Diagnostics;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary><c>bandwidth</c> of an upstream holds over all its connections.</summary>
public sealed class BandwidthTests : FetchTest
{
    private const int Blobs = 3;
    private const long Size = 4 * Mebi;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Fetch_BandwidthOfTheUpstream_HoldsOverAllConnections()
    {
        await using var upstream = await StartUpstreamAsync();
        var blobs = Enumerable.Range(0, 2 * Blobs).Select(n => upstream.Content.AddBlob(Repository, new SeededContent((ulong)n, Size)).Digest).ToArray();
        var rate = 4 * Mebi;
        await using (var unlimited = await StartFetcherAsync("connections: 4, minsegment: 512KiB", "bandwidth: 0", [upstream]))
        {
            // What a machine under load manages without a limit is the yardstick: the limit is a quarter of it, or less.
            var speed = Blobs * Size / (await TimeAsync(unlimited, upstream, blobs[..Blobs])).TotalSeconds;
            rate = Math.Min(rate, (int)(speed / 4));
        }

        await using var limited = await StartFetcherAsync("connections: 4, minsegment: 512KiB, stalltimeout: 2s", $"bandwidth: {rate}", [upstream]);
        var taken = await TimeAsync(limited, upstream, blobs[Blobs..]);

        // The burst that the system's buffers hold is no part of the bound; half of the time that the rate asks for is far more than without it.
        Assert.True(taken.TotalSeconds > 0.5 * Blobs * Size / rate, $"{Blobs * Size} bytes took {taken} at {rate} bytes a second");
    }

    private async Task<TimeSpan> TimeAsync(RegistryProcess server, ScriptedUpstream upstream, Digest[] blobs)
    {
        var start = Stopwatch.GetTimestamp();
        AssertAllRight(await Task.WhenAll(blobs.Select(digest => ReadAsync(server, upstream, digest))), server);
        return Stopwatch.GetElapsedTime(start);
    }
}
