using Registry.EndToEnd.Conformance;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Pushes;

/// <summary>What was answered with 201 survives a power cut: bytes are synced before they get their name, and names before anybody is told.</summary>
public sealed class PushDurabilityTests : ServerTest
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_EveryCreated_IsSyncedBefore()
    {
        await using var server = await StartPrivateAsync();
        await using var trace = await DiskTrace.AttachAsync(server, Directory.File("trace"), DataDirectory, Token);
        using var api = new RegistryApi(server.Url);

        await api.PushImageAsync("team/app", "1", Token);
        await api.PushImageAsync("team/app", "2", Token, "another layer");
        var chunked = new byte[200_000];
        var location = await api.BeginAsync("team/other", Token);
        location = (await api.PatchAsync(location, chunked, Token)).Location;
        await api.FinishAsync(location, Digest.Of(DigestAlgorithm.Sha256, chunked).ToString(), Token);
        Assert.Equal(0, await server.StopAsync(Token));

        var (created, _, notSafe) = await trace.ReadAsync(Token);
        Assert.Equal(7, created);
        Assert.Empty(notSafe);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Delete_EveryAccepted_IsSyncedBefore()
    {
        var port = FreePort.Find();
        await using var server = await RegistryProcess.StartAsync(PrivateRegistry.Configuration(DataDirectory, port), port, ConfigurationFile, Token);
        using var api = new RegistryApi(server.Url);
        var image = await api.PushImageAsync("team/app", "1", Token);
        await api.PushImageAsync("team/app", "2", Token);
        await api.PushImageAsync("team/app", "3", Token);
        await using var trace = await DiskTrace.AttachAsync(server, Directory.File("trace"), DataDirectory, Token);

        foreach (var path in new[] { "manifests/1", $"manifests/{image}", $"blobs/{Digest.Of(DigestAlgorithm.Sha256, "layer"u8)}" })
        {
            (await api.SendAsync("DELETE", $"/v2/team/app/{path}", Token)).Expect(System.Net.HttpStatusCode.Accepted);
        }

        Assert.Equal(0, await server.StopAsync(Token));

        // Three tags and a revision, with what is below them, and the link of a layer.
        var (_, removed, notSafe) = await trace.ReadAsync(Token);
        Assert.InRange(removed, 5, int.MaxValue);
        Assert.Empty(notSafe);
    }
}
