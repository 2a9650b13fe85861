using Registry.EndToEnd.Clients;
using Xunit;

namespace Registry.EndToEnd.Mirroring;

/// <summary>Real clients pull through the native binary: cold, warm, and with the upstream gone.</summary>
public sealed class ClientPullTests : ServerTest
{
    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Clients))]
    public async Task Pull_ColdMirror_FetchesEachBlobOnceAndNothingElse(ClientKind kind)
    {
        await using var upstream = await StartUpstreamAsync();
        var image = NativeImage.AddTo(upstream);
        await using var server = await StartMirrorAsync(upstream.Url);
        await using var client = await ClientFactory.StartAsync(kind, server.Host, Directory, Token);

        await client.PullAsync("alpine", "1", image.Native, Token);

        Assert.All(image.Native.Blobs, blob => Assert.Equal(blob.Size, upstream.Log.BytesSent(blob.Digest)));
        Assert.All(image.Foreign.Blobs, blob => Assert.Equal(0, upstream.Log.BytesSent(blob.Digest)));
        Assert.Equal(image.Native.Manifest.Size, upstream.Log.BytesSent(image.Native.Manifest.Digest));
        Assert.Equal(0, upstream.Log.BytesSent(image.Foreign.Manifest.Digest));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Clients))]
    public async Task Pull_WarmMirror_AsksUpstreamNothing(ClientKind kind)
    {
        await using var upstream = await StartUpstreamAsync();
        var image = NativeImage.AddTo(upstream);
        await using var server = await StartMirrorAsync(upstream.Url, freshness: "1h");
        await using var client = await ClientFactory.StartAsync(kind, server.Host, Directory, Token);
        await client.PullAsync("alpine", "1", image.Native, Token);
        await client.RemoveAsync("alpine", "1", Token);
        upstream.Log.Clear();

        await client.PullAsync("alpine", "1", image.Native, Token);

        Assert.Empty(upstream.Log.Requests);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Clients))]
    public async Task Pull_StaleTagUnchangedUpstream_RevalidatesWithoutABody(ClientKind kind)
    {
        await using var upstream = await StartUpstreamAsync();
        var image = NativeImage.AddTo(upstream);
        await using var server = await StartMirrorAsync(upstream.Url, freshness: "0s");
        await using var client = await ClientFactory.StartAsync(kind, server.Host, Directory, Token);
        await client.PullAsync("alpine", "1", image.Native, Token);
        await client.RemoveAsync("alpine", "1", Token);
        upstream.Log.Clear();

        await client.PullAsync("alpine", "1", image.Native, Token);

        Assert.NotEmpty(upstream.Log.Requests);
        Assert.All(upstream.Log.Requests, request => Assert.Equal(("HEAD", true), (request.Method, request.IsManifest)));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(ClientsAndFreshness))]
    public async Task Pull_UpstreamGone_ServesWhatIsHeld(ClientKind kind, string freshness)
    {
        await using var upstream = await StartUpstreamAsync();
        var image = NativeImage.AddTo(upstream);
        await using var server = await StartMirrorAsync(upstream.Url, freshness);
        await using var client = await ClientFactory.StartAsync(kind, server.Host, Directory, Token);
        await client.PullAsync("alpine", "1", image.Native, Token);
        await client.RemoveAsync("alpine", "1", Token);
        await upstream.StopAsync();

        await client.PullAsync("alpine", "1", image.Native, Token);
    }

    public static TheoryData<ClientKind> Clients() => [.. Enum.GetValues<ClientKind>()];

    public static TheoryData<ClientKind, string> ClientsAndFreshness()
    {
        var rows = new TheoryData<ClientKind, string>();
        foreach (var kind in Enum.GetValues<ClientKind>())
        {
            rows.Add(kind, "1h");
            rows.Add(kind, "0s");
        }

        return rows;
    }
}
