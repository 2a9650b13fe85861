using Registry.EndToEnd.Clients;
using Registry.EndToEnd.Servers;
using Xunit;

namespace Registry.EndToEnd.Compatibility;

/// <summary>That distribution 2.8 and the native binary can take over from one another, as upstream and on the same directory.</summary>
public sealed class SharedDirectoryTests : ServerTest
{
    private const string Repository = "library/alpine";

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_DockerRegistryAsUpstream_BringsTheImage()
    {
        await using var origin = await StartUpstreamAsync();
        var image = origin.Content.AddImage(Repository, "1", [3_000_000]);
        await using var upstream = await DockerRegistry.StartAsync(Directory.Subdirectory("upstream"), Directory.File("upstream.yml"), Token);
        await Skopeo.CopyAsync($"{origin.Host}/{Repository}:1", $"{upstream.Host}/{Repository}:1", Token);
        await using var server = await StartMirrorAsync(upstream.Url);

        var pulled = await new Skopeo(Directory).PullAsync($"{server.Host}/{Repository}:1", Token);

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task DockerRegistry_DirectoryThatWasMirroredInto_ServesTheImage()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Repository, "1", [3_000_000]);
        await using (var server = await StartMirrorAsync(upstream.Url))
        {
            await new Skopeo(Directory).PullAsync($"{server.Host}/{Repository}:1", Token);
            Assert.Equal(0, await server.StopAsync(Token));
        }

        await using var reader = await DockerRegistry.StartAsync(DataDirectory, Directory.File("reader.yml"), Token);
        var pulled = await new Skopeo(Directory).PullAsync($"{reader.Host}/{Repository}:1", Token);

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Server_DirectoryThatDockerRegistryWrote_ServesTheImage()
    {
        await using var origin = await StartUpstreamAsync();
        var image = origin.Content.AddImage(Repository, "1", [3_000_000]);
        await using (var writer = await DockerRegistry.StartAsync(DataDirectory, Directory.File("writer.yml"), Token))
        {
            await Skopeo.CopyAsync($"{origin.Host}/{Repository}:1", $"{writer.Host}/team/app:1", Token);
        }

        await using var server = await StartPrivateAsync();
        var pulled = await new Skopeo(Directory).PullAsync($"{server.Host}/team/app:1", Token);

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
    }
}
