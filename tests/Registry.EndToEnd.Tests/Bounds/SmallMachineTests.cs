using Registry.EndToEnd.Fetches;
using Registry.EndToEnd.Servers;
using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Bounds;

/// <summary>The machine that this is for: with 64 MB for everything, slow readers and cold fetches at once, nobody is killed and nobody gets a wrong byte.</summary>
public sealed class SmallMachineTests : FetchTest
{
    private const int SlowReaders = 500;
    private const int ColdFetches = 50;
    private const int Piece = 16 << 10;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_SlowReadersAndColdFetchesIn64Megabytes_LosesNobody()
    {
        using var group = MemoryGroup.TryCreate(64L << 20);
        Assert.SkipWhen(group is null, "A limit of memory needs root and a control group that can be written.");
        await using var upstream = await StartUpstreamAsync();
        var warm = upstream.Content.AddBlob(Repository, new SeededContent(1000, 64 * Mebi));
        var cold = Enumerable.Range(0, ColdFetches).Select(n => upstream.Content.AddBlob(Repository, new SeededContent((ulong)n, 4 * Mebi))).ToArray();
        await using var server = await StartFetcherAsync(group!, upstream);
        AssertAllRight([await ReadAsync(server, upstream, warm.Digest)], server);
        upstream.Pace.BytesPerSecondPerConnection = Mebi;

        var content = upstream.Content.Content(warm.Digest);
        var responses = await Task.WhenAll(Enumerable.Range(0, SlowReaders).Select(_ =>
            Client.GetAsync(new Uri(server.Url, BlobPath(warm.Digest)), HttpCompletionOption.ResponseHeadersRead, Token)));
        var streams = await Task.WhenAll(responses.Select(response => response.Content.ReadAsStreamAsync(Token)));
        var reading = Task.WhenAll(cold.Select(blob => ReadAsync(server, upstream, blob.Digest)));
        long position = 0;
        do
        {
            var pieces = await Task.WhenAll(streams.Select(ReadPieceAsync));
            var expected = new byte[Piece];
            content.Read(position, expected);
            Assert.All(pieces, piece => Assert.Equal(expected, piece));
            position += Piece;
        }
        while (!reading.IsCompleted);

        AssertAllRight(await reading, server);
        Assert.Equal(0, group!.Kills);
        Assert.False(server.Process.HasExited, server.Process.Said);
        foreach (var response in responses)
        {
            response.Dispose();
        }

        Assert.Equal(0, await server.StopAsync(Token));
    }

    private Task<RegistryProcess> StartFetcherAsync(MemoryGroup group, ScriptedUpstream upstream)
    {
        var port = FreePort.Find();
        var configuration = RegistryConfiguration.Fetching(DataDirectory, port, [upstream.Url], "", "");
        return RegistryProcess.StartAsync(configuration, port, ConfigurationFile, Token, group);
    }

    private static async Task<byte[]> ReadPieceAsync(Stream stream)
    {
        var piece = new byte[Piece];
        await stream.ReadExactlyAsync(piece, Token);
        return piece;
    }
}
