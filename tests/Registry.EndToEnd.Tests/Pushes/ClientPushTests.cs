using Registry.EndToEnd.Clients;
using Registry.EndToEnd.Servers;
using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Pushes;

/// <summary>Real clients push into the native binary, and another one pulls what they pushed.</summary>
public sealed class ClientPushTests : ServerTest
{
    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(ClientKind.Docker, ClientKind.Podman)]
    [InlineData(ClientKind.Podman, ClientKind.Docker)]
    [InlineData(ClientKind.Buildah, ClientKind.Containerd)]
    [InlineData(ClientKind.Containerd, ClientKind.Buildah)]
    [InlineData(ClientKind.Skopeo, ClientKind.Docker)]
    [InlineData(ClientKind.Docker, ClientKind.Skopeo)]
    public async Task Push_OneClient_AnotherPullsIt(ClientKind pusher, ClientKind puller)
    {
        await using var upstream = await StartUpstreamAsync();
        var image = AddImage(upstream);
        await using var server = await StartPrivateAsync();
        await using (var from = await ClientFactory.StartAsync(pusher, upstream.Host, Directory, Token))
        {
            await from.PullAsync("alpine", "1", image, Token);
            await from.PushAsync("alpine", "1", $"{server.Host}/team/app:1", Token);

            // The second time everything is there, and every client must see that.
            await from.PushAsync("alpine", "1", $"{server.Host}/team/app:2", Token);
        }

        using var other = new TemporaryDirectory();
        await using var to = await ClientFactory.StartAsync(puller, upstream.Host, other, Token);

        await to.PullPushedAsync($"{server.Host}/team/app:1", image, Token);
        await to.PullPushedAsync($"{server.Host}/team/app:2", image, Token);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(ClientKind.Docker)]
    [InlineData(ClientKind.Containerd)]
    [InlineData(ClientKind.Podman)]
    public async Task Push_OneClientToAMirror_TheSamePullsItWithoutAskingUpstream(ClientKind kind)
    {
        await using var upstream = await StartUpstreamAsync();
        var image = AddImage(upstream);
        await using var server = await StartMirrorAsync(upstream.Url, freshness: "1h");
        await using var client = await ClientFactory.StartAsync(kind, server.Host, Directory, Token);
        await client.PullAsync("alpine", "1", image, Token);
        upstream.Log.Clear();

        await client.PushAsync("alpine", "1", $"{server.Host}/team/app:1", Token);
        using var api = new RegistryApi(server.Url);
        upstream.Log.Clear();
        await client.PullPushedAsync($"{server.Host}/team/app:1", image, Token);

        Assert.Empty(upstream.Log.Requests);
        Assert.Equal(["1"], (await api.GetAsync("/v2/team/app/tags/list", Token)).Strings("tags"));
    }

    private static Image AddImage(ScriptedUpstream upstream) =>
        upstream.Content.AddImage("library/alpine", "1", [3_000_000, 50_000], architecture: NativeImage.Architecture);
}
