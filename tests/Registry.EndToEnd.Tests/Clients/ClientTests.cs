using Registry.EndToEnd.Servers;
using Registry.Testing;
using Xunit;

namespace Registry.EndToEnd.Clients;

/// <summary>That the clients are set up right, shown without our server: they pull from peers alone.</summary>
public sealed class ClientTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(ClientKind.Docker)]
    [InlineData(ClientKind.Containerd)]
    [InlineData(ClientKind.Podman)]
    [InlineData(ClientKind.Buildah)]
    [InlineData(ClientKind.Skopeo)]
    public async Task Pull_ScriptedUpstreamAsMirror_BringsTheImageEachTime(ClientKind kind)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);
        var image = upstream.Content.AddImage("library/alpine", "1", [100_000, 3000]);
        await using var client = await ClientFactory.StartAsync(kind, upstream.Host, _directory, Token);

        await client.PullAsync("alpine", "1", image, Token);
        await client.RemoveAsync("alpine", "1", Token);
        await client.PullAsync("alpine", "1", image, Token);

        Assert.All(image.Blobs, blob => Assert.Equal(2 * blob.Size, upstream.Log.BytesSent(blob.Digest)));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_ContainerdThroughHostsFile_NamesTheOriginalRegistry()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);
        var image = upstream.Content.AddImage("library/alpine", "1", [3000]);
        await using var client = await ClientFactory.StartAsync(ClientKind.Containerd, upstream.Host, _directory, Token);

        await client.PullAsync("alpine", "1", image, Token);

        Assert.All(upstream.Log.Requests, request => Assert.Contains("ns=docker.io", request.Query));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Copy_ScriptedUpstreamToDockerRegistry_FillsIt()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);
        var image = upstream.Content.AddImage("library/alpine", "1", [100_000]);
        await using var registry = await DockerRegistry.StartAsync(
            _directory.Subdirectory("data"), _directory.File("registry.yml"), Token);

        await Skopeo.CopyAsync($"{upstream.Host}/library/alpine:1", $"{registry.Host}/library/alpine:1", Token);
        var pulled = await new Skopeo(_directory).PullAsync($"{registry.Host}/library/alpine:1", Token);

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
    }

    public void Dispose() => _directory.Dispose();
}
