using System.Net;
using System.Text;
using Registry.EndToEnd.Clients;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing.Processes;
using Xunit;

namespace Registry.EndToEnd.Pushes;

/// <summary>That distribution 2.8 takes over a directory that was pushed into, and we one that it went on with.</summary>
public sealed class SharedPushDirectoryTests : ServerTest
{
    private const string Repository = "team/app";

    private static readonly Digest Subject = Digest.Of(DigestAlgorithm.Sha256, "subject"u8);

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task DockerRegistry_DirectoryThatWasPushedInto_ServesAndMarksEverything()
    {
        await using var origin = await StartUpstreamAsync();
        var image = origin.Content.AddImage("library/alpine", "1", [3_000_000, 3000]);
        origin.Content.AddIndex("library/alpine", "index", [image]);
        await PushAsync(origin.Host);

        await using (var reader = await DockerRegistry.StartAsync(DataDirectory, Directory.File("reader.yml"), Token))
        {
            using var api = new RegistryApi(reader.Url);
            await PulledDirectory.AssertHoldsAsync(await new Skopeo(Directory).PullAsync($"{reader.Host}/{Repository}:1", Token), image, Token);
            Assert.Equal([Repository], (await api.GetAsync("/v2/_catalog", Token)).Strings("repositories"));
            Assert.Equal(["1", "index"], (await api.GetAsync($"/v2/{Repository}/tags/list", Token)).Strings("tags").Order(StringComparer.Ordinal));
        }

        var collected = (await Command.RunAsync("docker-registry", ["garbage-collect", "--dry-run", "--delete-untagged", Directory.File("reader.yml")], Token)).Succeeded();
        foreach (var digest in image.Blobs.Select(static blob => blob.Digest).Append(image.Manifest.Digest))
        {
            Assert.Contains(digest.Hex, collected);
        }

        Assert.Contains("0 blobs and 0 manifests eligible for deletion", collected);
        Assert.DoesNotContain("eligible for deletion:", collected);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Referrers_DockerRegistryWroteIntoTheDirectory_AreAllThere()
    {
        Digest ours, deleted, theirs;
        await using (var server = await StartPrivateAsync())
        {
            using var api = new RegistryApi(server.Url);
            ours = await PushReferrerAsync(api, "ours");
            deleted = await PushReferrerAsync(api, "deleted");
            Assert.Equal(2, await CountAsync(api));
            Assert.Equal(0, await server.StopAsync(Token));
        }

        var file = Directory.File("writer.yml");
        await using (var writer = await DockerRegistry.StartAsync(DataDirectory, file, Token))
        {
            using var api = new RegistryApi(writer.Url);
            theirs = await PushReferrerAsync(api, "theirs");
        }

        // distribution would take away the link alone, and leave its directory.
        File.Delete(Path.Join(DataDirectory, "docker/registry/v2/repositories", Repository, "_manifests/revisions/sha256", deleted.Hex, "link"));
        await using var again = await StartPrivateAsync();
        using var check = new RegistryApi(again.Url);

        var answer = (await check.GetAsync($"/v2/{Repository}/referrers/{Subject}", Token)).Expect(HttpStatusCode.OK);

        Assert.Contains(ours.ToString(), answer.Text);
        Assert.Contains(theirs.ToString(), answer.Text);
        Assert.DoesNotContain(deleted.ToString(), answer.Text);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Upload_BegunWithDockerRegistry_GoesOnHere()
    {
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        string id;
        await using (var writer = await DockerRegistry.StartAsync(DataDirectory, Directory.File("writer.yml"), Token))
        {
            using var api = new RegistryApi(writer.Url);
            var begun = (await api.SendAsync("POST", $"/v2/{Repository}/blobs/uploads/", Token)).Expect(HttpStatusCode.Accepted);
            id = begun.Header("Docker-Upload-UUID")!;
            (await api.PatchAsync(begun.Location, content[..200_000], Token)).Expect(HttpStatusCode.Accepted);
        }

        await using var server = await StartPrivateAsync();
        using var check = new RegistryApi(server.Url);
        var location = $"/v2/{Repository}/blobs/uploads/{id}";

        Assert.Equal("0-199999", (await check.GetAsync(location, Token)).Expect(HttpStatusCode.NoContent).Header("Range"));
        var done = (await check.FinishAsync(location, Digest.Of(DigestAlgorithm.Sha256, content).ToString(), Token, content[200_000..])).Expect(HttpStatusCode.Created);
        Assert.Equal(content, (await check.GetAsync(done.Location, Token)).Body);
    }

    private static async Task<Digest> PushReferrerAsync(RegistryApi api, string name)
    {
        var config = await api.PushBlobAsync(Repository, "{}"u8.ToArray(), Token);
        var more = $",\"subject\":{ManifestJson.Descriptor(MediaType.OciManifest, Subject, 7)},\"annotations\":{{\"name\":\"{name}\"}}";
        var json = ManifestJson.Image(config, 2, more, []);
        return await api.PushManifestAsync(Repository, Digest.Of(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(json)).ToString(), json, Token);
    }

    private static async Task<int> CountAsync(RegistryApi api)
    {
        var answer = (await api.GetAsync($"/v2/{Repository}/referrers/{Subject}", Token)).Expect(HttpStatusCode.OK);
        using var json = System.Text.Json.JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty("manifests").GetArrayLength();
    }

    private async Task PushAsync(string origin)
    {
        await using var server = await StartPrivateAsync();
        await Skopeo.CopyAsync($"{origin}/library/alpine:1", $"{server.Host}/{Repository}:1", Token);
        await Skopeo.CopyAsync($"{origin}/library/alpine:index", $"{server.Host}/{Repository}:index", Token, "--all");
        Assert.Equal(0, await server.StopAsync(Token));
    }
}
