using Registry.EndToEnd.Clients;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>Real clients pull a layer of half a gigabyte while the upstream goes away three times.</summary>
public sealed class LargePullTests : FetchTest
{
    private const long Size = 500L * Mebi;
    private const int Cuts = 3;

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(ClientKind.Docker)]
    [InlineData(ClientKind.Containerd)]
    public async Task Pull_UpstreamCutThreeTimes_ClientNoticesNothing(ClientKind kind)
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Repository, "1", [Size]);
        var layer = image.Layers[0].Digest;
        upstream.Pace.BytesPerSecondPerConnection = 40 * Mebi;
        await using var server = await StartFetcherAsync("stalltimeout: 2s", upstream);
        await using var client = await ClientFactory.StartAsync(kind, server.Host, Directory, Token);

        // The client compares the layer with its digest, and the image's id has that digest in it.
        var pull = client.PullAsync("model", "1", image, Token);
        for (var cut = 1; cut <= Cuts; cut++)
        {
            var point = cut * Size / (Cuts + 1);
            await upstream.Log.WaitForAsync(log => log.BytesSent(layer) >= point, Token);
            await upstream.StopAsync();
            await upstream.StartAsync(Token);
        }

        await pull;
        AssertSent(upstream, image.Layers[0], Size, (long)(1.02 * Size) + (Cuts * 16 * Mebi), server);
    }
}
