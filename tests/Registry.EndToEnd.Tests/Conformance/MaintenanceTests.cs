using System.Net;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>Servers that do not take every write.</summary>
public sealed class MaintenanceTests : ServerTest
{
    private static readonly Digest Unknown = Digest.Of(DigestAlgorithm.Sha256, "unknown"u8);

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Delete_NotAllowed_Is405AndNothingGoes()
    {
        await using var server = await StartPrivateAsync();
        using var api = new RegistryApi(server.Url);
        var digest = await api.PushImageAsync("team/app", "v1", Token);

        foreach (var path in new[] { "manifests/v1", $"manifests/{digest}", $"blobs/{digest}", $"blobs/{Unknown}" })
        {
            (await api.SendAsync("DELETE", $"/v2/team/app/{path}", Token)).ExpectError(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        }

        (await api.GetAsync("/v2/team/app/manifests/v1", Token)).Expect(HttpStatusCode.OK);
        var upload = await api.BeginAsync("team/app", Token);
        (await api.SendAsync("DELETE", upload, Token)).Expect(HttpStatusCode.NoContent);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Write_ReadOnly_Is405AndPullsGoOn()
    {
        Digest digest;
        string upload;
        await using (var writer = await StartPrivateAsync())
        {
            using var push = new RegistryApi(writer.Url);
            digest = await push.PushImageAsync("team/app", "v1", Token);
            upload = await push.BeginAsync("team/app", Token);
            await writer.StopAsync(Token);
        }

        var port = FreePort.Find();
        var configuration = PrivateRegistry.Configuration(DataDirectory, port, "maintenance: {readonly: {enabled: true}}");
        await using var server = await RegistryProcess.StartAsync(configuration, port, ConfigurationFile, Token);
        using var api = new RegistryApi(server.Url);
        var writes = new[]
        {
            ("POST", "/v2/team/app/blobs/uploads/"), ("POST", $"/v2/team/app/blobs/uploads/?mount={Unknown}&from=team/app"),
            ("POST", $"/v2/team/app/blobs/uploads/?digest={Unknown}"), ("PATCH", upload), ("PUT", $"{upload}?digest={Unknown}"), ("DELETE", upload),
            ("PUT", "/v2/team/app/manifests/v2"), ("PUT", $"/v2/team/app/manifests/{Unknown}"),
            ("DELETE", "/v2/team/app/manifests/v1"), ("DELETE", $"/v2/team/app/manifests/{digest}"), ("DELETE", $"/v2/team/app/blobs/{Unknown}"),
        };

        foreach (var (method, path) in writes)
        {
            (await api.SendAsync(method, path, Token, new ByteArrayContent([1]))).ExpectError(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        }

        var manifest = (await api.GetAsync("/v2/team/app/manifests/v1", Token)).Expect(HttpStatusCode.OK);
        Assert.Equal(digest, manifest.Digest);
        Assert.Equal(["v1"], (await api.GetAsync("/v2/team/app/tags/list", Token)).Strings("tags"));
        (await api.GetAsync($"/v2/team/app/blobs/{Digest.Of(DigestAlgorithm.Sha256, "layer"u8)}", Token)).Expect(HttpStatusCode.OK);
        (await api.GetAsync($"/v2/team/app/referrers/{digest}", Token)).Expect(HttpStatusCode.OK);
    }
}
