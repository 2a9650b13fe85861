using Registry.EndToEnd.Clients;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Mirroring;

/// <summary>What the mirror is for: large layers, slow upstreams, several clients, and crashes in between.</summary>
public sealed class LargeLayerTests : ServerTest
{
    private const string Repository = "library/model";
    private const int Mebi = 1 << 20;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_FourClientsAtOnce_UpstreamSendsTheLayerOnce()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Repository, "1", [16 * Mebi]);
        upstream.Pace.BytesPerSecondPerConnection = 8 * Mebi;
        await using var server = await StartMirrorAsync(upstream.Url);
        var skopeo = new Skopeo(Directory);

        var pulled = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => skopeo.PullAsync($"{server.Host}/{Repository}:1", Token)));

        foreach (var directory in pulled)
        {
            await PulledDirectory.AssertHoldsAsync(directory, image, Token);
        }

        // Parallel segments may be cut short where they meet: a piece and the system's buffers more at each cut, never a second copy.
        var layer = image.Layers[0];
        Assert.InRange(upstream.Log.BytesSent(layer.Digest), layer.Size, layer.Size + (8 * Mebi));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_ServerKilledInTheMiddle_GoesOnWhereItWas()
    {
        await using var upstream = await StartUpstreamAsync();
        var layer = upstream.Content.AddBlob(Repository, new SeededContent(1, 32 * Mebi));
        upstream.Pace.BytesPerSecond = 8 * Mebi;
        using var client = new HttpClient();
        await using (var killed = await StartMirrorAsync(upstream.Url))
        {
            using var response = await client.GetAsync(Url(killed.Url, layer.Digest), HttpCompletionOption.ResponseHeadersRead, Token);
            await using var body = await response.Content.ReadAsStreamAsync(Token);
            await body.ReadExactlyAsync(new byte[16 * Mebi], Token);
            await killed.Process.KillAsync(Token);
        }

        upstream.Pace.BytesPerSecond = 0;
        upstream.Log.Clear();
        await using var server = await StartMirrorAsync(upstream.Url);
        var whole = await client.GetByteArrayAsync(Url(server.Url, layer.Digest), Token);

        Assert.Equal(layer.Digest, Storage.Content.Digest.Of(Storage.Content.DigestAlgorithm.Sha256, whole));
        Assert.True(upstream.Log.BytesSent(layer.Digest) < layer.Size - (8 * Mebi), "What had been received was fetched again.");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_LayerOfAGigabyte_TakesLittleMemory()
    {
        await using var upstream = await StartUpstreamAsync();
        var layer = upstream.Content.AddBlob(Repository, new SeededContent(2, 1024L * Mebi));
        await using var server = await StartMirrorAsync(upstream.Url);
        using var client = new HttpClient();

        await using (var body = await client.GetStreamAsync(Url(server.Url, layer.Digest), Token))
        {
            await body.CopyToAsync(Stream.Null, Token);
        }

        Assert.InRange(await server.Process.ResidentBytesAsync(Token), 1, 128L * Mebi);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_UpstreamResetsTheConnection_ClientNoticesNothing()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Repository, "1", [8 * Mebi]);
        var fault = upstream.OnBlob(image.Layers[0].Digest).First(2).ResetAfter(Mebi);
        await using var server = await StartMirrorAsync(upstream.Url);

        var pulled = await new Skopeo(Directory).PullAsync($"{server.Host}/{Repository}:1", Token);

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
        Assert.Equal(2, fault.Hits);
    }

    private static Uri Url(Uri server, Storage.Content.Digest digest) => new(server, $"/v2/{Repository}/blobs/{digest}");
}
