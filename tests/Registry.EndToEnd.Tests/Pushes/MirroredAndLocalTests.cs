using System.Net;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing;
using Xunit;

namespace Registry.EndToEnd.Pushes;

/// <summary>What may be pushed to where names of an upstream are served too, and that what is local stays here.</summary>
public sealed class MirroredAndLocalTests : ServerTest
{
    private const string Mirrored = "owner/image";

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_MirroredRepository_IsDeniedAndSaysHowToReserveNames()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Mirrored, "1", [3000]);
        await using var server = await StartAsync(upstream);
        using var api = new RegistryApi(server.Url);
        (await api.GetAsync($"/v2/{Mirrored}/manifests/1", Token)).Expect(HttpStatusCode.OK);

        foreach (var (method, path) in Pushes(Mirrored))
        {
            var refused = (await api.SendAsync(method, path, Token)).ExpectError(HttpStatusCode.Forbidden, "DENIED");
            Assert.Contains("mirror.local", refused.Text);
        }
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("library/nginx", "")]
    [InlineData("library/a/b", "")]
    [InlineData("ghcr.io/team/app", "")]
    [InlineData("docker.io/team/app", "")]
    [InlineData("registry-1.docker.io/team/app", "")]
    [InlineData("team/app", "ghcr.io")]
    [InlineData("team/app", "docker.io")]
    [InlineData("team/app", "unknown.example.org")]
    public async Task Push_NameOfAnUpstream_IsDeniedAndAsksNobody(string name, string ns)
    {
        await using var upstream = await StartUpstreamAsync();
        await using var server = await StartAsync(upstream);
        using var api = new RegistryApi(server.Url);

        foreach (var (method, path) in Pushes(name))
        {
            var withNamespace = ns.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}ns={ns}";
            (await api.SendAsync(method, withNamespace, Token)).ExpectError(HttpStatusCode.Forbidden, "DENIED");
        }

        Assert.Empty(upstream.Log.Requests);
        Assert.False(System.IO.Directory.Exists(Path.Join(DataDirectory, "docker/registry/v2/repositories", name)));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_LibraryWithALocalPattern_IsTakenAndNeverAskedUpstream()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage("library/own", "2", [3000]);
        await using var server = await StartAsync(upstream, "library/own*");
        using var api = new RegistryApi(server.Url);

        var digest = await api.PushImageAsync("library/own", "1", Token);

        Assert.Equal(digest, (await api.GetAsync("/v2/library/own/manifests/1", Token)).Expect(HttpStatusCode.OK).Digest);
        (await api.GetAsync("/v2/library/own/manifests/2", Token)).Expect(HttpStatusCode.NotFound);
        (await api.SendAsync("POST", "/v2/library/other/blobs/uploads/", Token)).ExpectError(HttpStatusCode.Forbidden, "DENIED");
        Assert.Empty(upstream.Log.Requests);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("own")]
    [InlineData("team/app")]
    public async Task Push_NameOfNobody_IsLocalFromThenOnEvenEmptyAndAfterARestart(string name)
    {
        await using var upstream = await StartUpstreamAsync();
        var theirs = upstream.Content.AddImage(name.Contains('/', StringComparison.Ordinal) ? name : $"library/{name}", "theirs", [3000]);
        await using (var server = await StartAsync(upstream))
        {
            using var api = new RegistryApi(server.Url);
            var digest = await api.PushImageAsync(name, "1", Token);
            await AssertNobodyIsAskedAsync(api, name, theirs.Manifest.Digest, theirs.Config.Digest);
            Assert.Equal(digest, (await api.GetAsync($"/v2/{name}/manifests/1", Token)).Expect(HttpStatusCode.OK).Digest);
            Assert.Equal(["1"], (await api.GetAsync($"/v2/{name}/tags/list", Token)).Strings("tags"));

            (await api.SendAsync("DELETE", $"/v2/{name}/manifests/{digest}", Token)).Expect(HttpStatusCode.Accepted);
            foreach (var blob in new[] { "{}", "layer" })
            {
                (await api.SendAsync("DELETE", $"/v2/{name}/blobs/{Digest.Of(DigestAlgorithm.Sha256, System.Text.Encoding.ASCII.GetBytes(blob))}", Token)).Expect(HttpStatusCode.Accepted);
            }

            await AssertNobodyIsAskedAsync(api, name, theirs.Manifest.Digest, theirs.Config.Digest);
            Assert.Empty((await api.GetAsync($"/v2/{name}/tags/list", Token)).Expect(HttpStatusCode.OK).Strings("tags"));
            await server.StopAsync(Token);
        }

        await using var restarted = await StartAsync(upstream);
        using var again = new RegistryApi(restarted.Url);
        await AssertNobodyIsAskedAsync(again, name, theirs.Manifest.Digest, theirs.Config.Digest);
        Assert.Empty(upstream.Log.Requests);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_HostOrNamespaceOfAnUpstream_NeverAnswersFromALocalRepository()
    {
        await using var upstream = await StartUpstreamAsync();
        await using var server = await StartAsync(upstream);
        using var api = new RegistryApi(server.Url);
        await api.PushImageAsync("team/app", "1", Token);
        await api.PushImageAsync("own", "1", Token);

        foreach (var path in new[]
        {
            "/v2/team/app/manifests/1?ns=ghcr.io", "/v2/team/app/manifests/1?ns=docker.io", "/v2/docker.io/team/app/manifests/1",
            "/v2/ghcr.io/team/app/manifests/1", "/v2/library/own/manifests/1", "/v2/own/manifests/1?ns=docker.io",
        })
        {
            (await api.GetAsync(path, Token)).Expect(HttpStatusCode.NotFound);
        }

        (await api.GetAsync("/v2/team/app/manifests/1", Token)).Expect(HttpStatusCode.OK);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_LocalPatternOverAMirroredKind_IsTakenAndTheStartWarns()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Mirrored, "1", [3000]);
        await using (var server = await StartAsync(upstream))
        {
            using var api = new RegistryApi(server.Url);
            (await api.GetAsync($"/v2/{Mirrored}/manifests/1", Token)).Expect(HttpStatusCode.OK);
            await server.StopAsync(Token);
        }

        upstream.Log.Clear();
        await using var local = await StartAsync(upstream, "owner/**");
        using var again = new RegistryApi(local.Url);

        var digest = await again.PushImageAsync(Mirrored, "2", Token);

        Assert.Equal(digest, (await again.GetAsync($"/v2/{Mirrored}/manifests/2", Token)).Expect(HttpStatusCode.OK).Digest);
        (await again.GetAsync($"/v2/{Mirrored}/manifests/none", Token)).Expect(HttpStatusCode.NotFound);
        Assert.Empty(upstream.Log.Requests);
        await local.Process.WaitUntilAsync(_ => Task.FromResult(local.Process.Said.Contains("mirror.local", StringComparison.Ordinal)), Token);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Mount_FromAMirroredRepository_GivesTheLocalOneItsBlob()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Mirrored, "1", [3000]);
        await using var server = await StartAsync(upstream);
        using var api = new RegistryApi(server.Url);
        var layer = image.Layers[0].Digest;
        (await api.GetAsync($"/v2/{Mirrored}/blobs/{layer}", Token)).Expect(HttpStatusCode.OK);
        await server.Process.WaitUntilAsync(async token => (await api.SendAsync("HEAD", $"/v2/{Mirrored}/blobs/{layer}", token)).Header("X-Cache") == "hit", Token);
        upstream.Log.Clear();

        // Who names no repository does not say that he may read this one.
        (await api.SendAsync("POST", $"/v2/team/app/blobs/uploads/?mount={layer}", Token)).Expect(HttpStatusCode.Accepted);

        (await api.SendAsync("POST", $"/v2/team/app/blobs/uploads/?mount={layer}&from={Mirrored}", Token)).Expect(HttpStatusCode.Created);

        Assert.Equal(layer, (await api.GetAsync($"/v2/team/app/blobs/{layer}", Token)).Expect(HttpStatusCode.OK).Digest);

        // A blob that the mirrored repository is only said to have proves nothing.
        (await api.SendAsync("POST", $"/v2/team/app/blobs/uploads/?mount={image.Config.Digest}&from={Mirrored}", Token)).Expect(HttpStatusCode.Accepted);
        (await api.GetAsync($"/v2/team/app/blobs/{image.Config.Digest}", Token)).Expect(HttpStatusCode.NotFound);
        Assert.Empty(upstream.Log.Requests);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Blob_HeldByAMirroredRepository_IsNotServedInALocalOne()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Mirrored, "1", [3000]);
        await using var server = await StartAsync(upstream);
        using var api = new RegistryApi(server.Url);
        (await api.GetAsync($"/v2/{Mirrored}/blobs/{image.Layers[0].Digest}", Token)).Expect(HttpStatusCode.OK);
        await api.PushImageAsync("team/app", "1", Token);

        foreach (var method in new[] { "GET", "HEAD" })
        {
            (await api.SendAsync(method, $"/v2/team/app/blobs/{image.Layers[0].Digest}", Token)).Expect(HttpStatusCode.NotFound);
        }

        // And a manifest cannot be pushed with it.
        var config = await api.PushBlobAsync("team/app", "{}"u8.ToArray(), Token);
        var json = ManifestJson.Image(config, 2, (image.Layers[0].Digest, image.Layers[0].Size));
        (await api.PutManifestAsync("team/app", "stolen", json, Token)).ExpectError(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Delete_MirroredRepository_DropsTheCopyOnly()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Mirrored, "1", [3000]);
        await using var server = await StartAsync(upstream);
        using var api = new RegistryApi(server.Url);
        var layer = $"/v2/{Mirrored}/blobs/{image.Layers[0].Digest}";
        (await api.GetAsync($"/v2/{Mirrored}/manifests/1", Token)).Expect(HttpStatusCode.OK);
        (await api.GetAsync(layer, Token)).Expect(HttpStatusCode.OK);
        await server.Process.WaitUntilAsync(async token => (await api.SendAsync("HEAD", layer, token)).Header("X-Cache") == "hit", Token);

        (await api.SendAsync("DELETE", layer, Token)).Expect(HttpStatusCode.Accepted);
        (await api.SendAsync("DELETE", $"/v2/{Mirrored}/manifests/{image.Manifest.Digest}", Token)).Expect(HttpStatusCode.Accepted);
        upstream.Log.Clear();

        (await api.GetAsync($"/v2/{Mirrored}/manifests/1", Token)).Expect(HttpStatusCode.OK);
        Assert.Equal(image.Layers[0].Digest, (await api.GetAsync(layer, Token)).Expect(HttpStatusCode.OK).Digest);
        Assert.NotEmpty(upstream.Log.Requests);
        Assert.All(upstream.Log.Requests, request => Assert.True(request.Method is "GET" or "HEAD"));
        (await api.SendAsync("POST", $"/v2/{Mirrored}/blobs/uploads/", Token)).ExpectError(HttpStatusCode.Forbidden, "DENIED");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Head_BlobOfARepositoryOfNobody_AsksNobody()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage("team/app", "1", [3000]);
        await using var server = await StartAsync(upstream);
        using var api = new RegistryApi(server.Url);

        (await api.SendAsync("HEAD", $"/v2/team/app/blobs/{image.Layers[0].Digest}", Token)).Expect(HttpStatusCode.NotFound);

        Assert.Empty(upstream.Log.Requests);
        await api.PushImageAsync("team/app", "1", Token);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Push_DirectoryOfDistribution_IsDeniedWhereThatWasAMirror(bool wasMirror)
    {
        await using (var writer = await DockerRegistry.StartAsync(DataDirectory, Directory.File("writer.yml"), Token))
        {
            using var theirs = new RegistryApi(writer.Url);
            await theirs.PushImageAsync(Mirrored, "1", Token);
        }

        if (wasMirror)
        {
            await File.WriteAllTextAsync(Path.Join(DataDirectory, "scheduler-state.json"), "{}", Token);
        }

        await using var upstream = await StartUpstreamAsync();
        await using var server = await StartAsync(upstream);
        using var api = new RegistryApi(server.Url);

        var answer = await api.SendAsync("POST", $"/v2/{Mirrored}/blobs/uploads/", Token);

        answer.Expect(wasMirror ? HttpStatusCode.Forbidden : HttpStatusCode.Accepted);
        (await api.GetAsync($"/v2/{Mirrored}/manifests/none", Token)).Expect(HttpStatusCode.NotFound);
        Assert.Equal(wasMirror, upstream.Log.Requests.Any());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_MirrorThatOthersReach_IsDenied()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Mirrored, "1", [3000]);
        await using var server = await StartAsync(upstream, local: "team/**", address: "0.0.0.0");
        using var api = new RegistryApi(server.Url);

        foreach (var name in new[] { "team/app", "own", Mirrored })
        {
            foreach (var (method, path) in Pushes(name).Append(("DELETE", $"/v2/{name}/manifests/1")))
            {
                (await api.SendAsync(method, path, Token)).ExpectError(HttpStatusCode.Forbidden, "DENIED");
            }
        }

        (await api.GetAsync($"/v2/{Mirrored}/manifests/1", Token)).Expect(HttpStatusCode.OK);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_PrivateRegistryThatOthersReach_IsTakenWithAWarning()
    {
        var port = FreePort.Find();
        var configuration = RegistryConfiguration.Private(DataDirectory, port).Replace("127.0.0.1", "0.0.0.0", StringComparison.Ordinal);
        await using var server = await RegistryProcess.StartAsync(configuration, port, ConfigurationFile, Token);
        using var api = new RegistryApi(server.Url);

        await api.PushImageAsync("library/own", "1", Token);

        await server.Process.WaitUntilAsync(_ => Task.FromResult(server.Process.Said.Contains("can push", StringComparison.Ordinal)), Token);
    }

    private static (string Method, string Path)[] Pushes(string name) =>
    [
        ("POST", $"/v2/{name}/blobs/uploads/"),
        ("POST", $"/v2/{name}/blobs/uploads/?digest={Digest.Of(DigestAlgorithm.Sha256, "x"u8)}"),
        ("PUT", $"/v2/{name}/manifests/1"),
        ("PATCH", $"/v2/{name}/blobs/uploads/00000000-0000-0000-0000-000000000000"),
    ];

    private static async Task AssertNobodyIsAskedAsync(RegistryApi api, string name, Digest manifest, Digest blob)
    {
        foreach (var path in new[] { "manifests/theirs", $"manifests/{manifest}", $"blobs/{blob}" })
        {
            (await api.GetAsync($"/v2/{name}/{path}", Token)).Expect(HttpStatusCode.NotFound);
            (await api.SendAsync("HEAD", $"/v2/{name}/{path}", Token)).Expect(HttpStatusCode.NotFound);
        }

        (await api.GetAsync($"/v2/{name}/referrers/{manifest}", Token)).Expect(HttpStatusCode.OK);
        (await api.GetAsync($"/v2/{name}/tags/list", Token)).Expect(HttpStatusCode.OK);
    }

    private Task<RegistryProcess> StartAsync(ScriptedUpstream upstream, string local = "", string address = "127.0.0.1")
    {
        var port = FreePort.Find();
        var url = upstream.Url.GetLeftPart(UriPartial.Authority);
        var configuration =
            $$"""
            version: 0.1
            storage:
              filesystem: {rootdirectory: {{DataDirectory}}}
              delete: {enabled: true}
            http:
              addr: {{address}}:{{port}}
            mirror:
              default: docker.io
              local: [{{(local.Length == 0 ? "" : $"'{local}'")}}]
              upstreams:
                - {name: docker.io, endpoints: ['{{url}}'], freshness: 0s}
                - {name: ghcr.io, endpoints: ['{{url}}'], freshness: 0s}
            """;
        return RegistryProcess.StartAsync(configuration, port, ConfigurationFile, Token);
    }
}
