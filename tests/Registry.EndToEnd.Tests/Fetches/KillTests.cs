using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>kill -9 in the middle of a fetch, again and again: what had been received is not fetched a second time.</summary>
public sealed class KillTests : FetchTest
{
    private const long Size = 64 * Mebi;
    private const int Kills = 3;
    private const int Connections = 4;

    public static TheoryData<int> Chosen => Seeds.Chosen(1);

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Chosen))]
    public async Task Fetch_KilledAtRandomPoints_GoesOnFromThere(int seed)
    {
        var random = new Random(seed);
        await using var upstream = await StartUpstreamAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent((ulong)seed, Size));
        upstream.Pace.BytesPerSecondPerConnection = 8 * Mebi;
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var killed = await StartFetcherAsync($"connections: {Connections}, minsegment: 1MiB", upstream);
            var broken = ReadAsync(killed, upstream, blob.Digest);
            var point = upstream.Log.BytesSent(blob.Digest) + random.NextInt64(Size / (Kills + 1));
            await upstream.Log.WaitForAsync(log => log.BytesSent(blob.Digest) >= point, Token);
            await killed.Process.KillAsync(Token);
            Assert.True((await broken).IsRight, $"seed {seed}, kill {kill}");
        }

        await using var server = await StartFetcherAsync($"connections: {Connections}, minsegment: 1MiB", upstream);
        var readings = await Task.WhenAll(ReaderRange.Mixed(Size).Select(range => ReadAsync(server, upstream, blob.Digest, range)));

        AssertAllRight(readings, server);

        // In flight at a kill: what lies between two checkpoints (1 MiB or 2 %), and what is on its way on each connection.
        const long Unsaved = Kills * ((2 * Mebi) + (Connections * Mebi / 2));
        AssertSent(upstream, blob, Size, (long)(1.10 * Size) + Unsaved, server);
    }
}
