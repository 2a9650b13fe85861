using System.Net;
using System.Text.Json;
using Registry.EndToEnd.Clients;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Pushes;

/// <summary>What skopeo and buildah do beyond pushing one image: whole indexes and repositories, builds, lists, artifacts, deletion.</summary>
public sealed class ToolPushTests : ServerTest
{
    private const string Repository = "team/app";
    private const string Sbom = "application/vnd.example.sbom";

    private static readonly string[] Architectures = ["amd64", "arm64"];

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Skopeo_WholeIndexCopiedListedSyncedAndDeleted_IsTheSameEverywhere()
    {
        await using var origin = await StartUpstreamAsync();
        var images = Architectures.Select(architecture => origin.Content.AddImage("library/alpine", null, [30_000], architecture: architecture)).ToArray();
        var index = origin.Content.AddIndex("library/alpine", "all", images);
        origin.Content.AddImage("library/alpine", "one", [40_000]);
        await using var server = await StartPrivateAsync();
        using var api = new RegistryApi(server.Url);

        await Skopeo.CopyAsync($"{origin.Host}/library/alpine:all", $"{server.Host}/{Repository}:all", Token, "--all");
        await Skopeo.CopyAsync($"{origin.Host}/library/alpine:one", $"{server.Host}/{Repository}:one", Token);

        Assert.Equal(index.Digest, (await api.GetAsync($"/v2/{Repository}/manifests/all", Token)).Expect(HttpStatusCode.OK).Digest);
        foreach (var image in images)
        {
            (await api.GetAsync($"/v2/{Repository}/manifests/{image.Manifest.Digest}", Token)).Expect(HttpStatusCode.OK);
        }

        using (var listed = JsonDocument.Parse(await Skopeo.RunAsync(Token, "list-tags", "--tls-verify=false", $"docker://{server.Host}/{Repository}")))
        {
            Assert.Equal(["all", "one"], listed.RootElement.GetProperty("Tags").EnumerateArray().Select(static tag => tag.GetString()));
        }

        // Out into a directory with every tag, and back under another name.
        var copies = Directory.Subdirectory("copies");
        await Skopeo.RunAsync(Token, "sync", "--all", "--src", "docker", "--dest", "dir", "--src-tls-verify=false", $"{server.Host}/{Repository}", copies);
        await Skopeo.RunAsync(Token, "sync", "--all", "--src", "dir", "--dest", "docker", "--dest-tls-verify=false", copies, $"{server.Host}/copied");
        Assert.Equal(index.Digest, (await api.GetAsync("/v2/copied/app/manifests/all", Token)).Expect(HttpStatusCode.OK).Digest);
        Assert.Equal(["all", "one"], (await api.GetAsync("/v2/copied/app/tags/list", Token)).Strings("tags"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Skopeo_Delete_TakesTheManifestAndItsTags()
    {
        await using var origin = await StartUpstreamAsync();
        origin.Content.AddImage("library/alpine", "1", [30_000]);
        await using var server = await StartDeletingAsync();
        using var api = new RegistryApi(server.Url);
        await Skopeo.CopyAsync($"{origin.Host}/library/alpine:1", $"{server.Host}/{Repository}:1", Token);
        await Skopeo.CopyAsync($"{origin.Host}/library/alpine:1", $"{server.Host}/{Repository}:same", Token);

        await Skopeo.RunAsync(Token, "delete", "--tls-verify=false", $"docker://{server.Host}/{Repository}:1");

        Assert.Empty((await api.GetAsync($"/v2/{Repository}/tags/list", Token)).Expect(HttpStatusCode.OK).Strings("tags"));
        (await api.GetAsync($"/v2/{Repository}/manifests/same", Token)).ExpectError(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Buildah_ImagesBuiltAndListed_ArePushedAndPulledForEachArchitecture()
    {
        await using var server = await StartPrivateAsync();
        using var api = new RegistryApi(server.Url);
        var buildah = new Buildah(Directory);
        await buildah.BuildAsync("localhost/app:all", Architectures, Token);

        await buildah.RunAsync(Token, "manifest", "push", "--all", "--tls-verify=false", "localhost/app:all", $"docker://{server.Host}/{Repository}:all");

        var answer = (await api.GetAsync($"/v2/{Repository}/manifests/all", Token)).Expect(HttpStatusCode.OK);
        Assert.Equal(MediaType.OciIndex, answer.Header("Content-Type"));
        using var index = JsonDocument.Parse(answer.Body);
        Assert.Equal(Architectures.Length, index.RootElement.GetProperty("manifests").GetArrayLength());
        foreach (var architecture in Architectures)
        {
            using var image = await Skopeo.InspectAsync($"{server.Host}/{Repository}:all", Token, $"--override-arch={architecture}");
            Assert.Equal(architecture, image.RootElement.GetProperty("Architecture").GetString());
        }
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Skopeo_ArtifactWithASubject_IsListedAsReferrerAndServedByDistribution()
    {
        Digest subject, artifact, index;
        await using (var server = await StartPrivateAsync())
        {
            using var api = new RegistryApi(server.Url);
            subject = await api.PushImageAsync(Repository, "v1", Token);
            index = await api.PushManifestAsync(Repository, "all", ManifestJson.Index("", (MediaType.OciManifest, subject, 400)), Token, MediaType.OciIndex);
            byte[] config = [.. "{}"u8], layer = [.. "an inventory"u8];
            artifact = OciLayout.Write(Directory, "sbom", Artifact(subject, config, layer), config, layer);

            await Skopeo.RunAsync(
                Token, "copy", "--preserve-digests", "--dest-tls-verify=false", $"oci:{Directory.Subdirectory("layout")}:sbom", $"docker://{server.Host}/{Repository}:sbom");

            using var referrers = JsonDocument.Parse(
                (await api.GetAsync($"/v2/{Repository}/referrers/{subject}?artifactType={Sbom}", Token)).Expect(HttpStatusCode.OK).Body);
            var entry = Assert.Single(referrers.RootElement.GetProperty("manifests").EnumerateArray());
            Assert.Equal(artifact.ToString(), entry.GetProperty("digest").GetString());
            Assert.Equal(Sbom, entry.GetProperty("artifactType").GetString());
            Assert.Equal(0, await server.StopAsync(Token));
        }

        await using var distribution = await DockerRegistry.StartAsync(DataDirectory, Directory.File("reader.yml"), Token);
        using var reader = new RegistryApi(distribution.Url);
        foreach (var (reference, digest, mediaType) in new[] { ("sbom", artifact, MediaType.OciManifest), ("all", index, MediaType.OciIndex), ("v1", subject, MediaType.OciManifest) })
        {
            var answer = (await reader.GetAsync($"/v2/{Repository}/manifests/{reference}", Token, ("Accept", mediaType))).Expect(HttpStatusCode.OK);
            Assert.Equal(digest, answer.Digest);
            Assert.Equal(mediaType, answer.Header("Content-Type"));
        }
    }

    private static string Artifact(Digest subject, byte[] config, byte[] layer) =>
        $$"""
        {"schemaVersion":2,"mediaType":"{{MediaType.OciManifest}}","artifactType":"{{Sbom}}",
         "config":{{ManifestJson.Descriptor("application/vnd.oci.empty.v1+json", Digest.Of(DigestAlgorithm.Sha256, config), config.Length)}},
         "layers":[{{ManifestJson.Descriptor(Sbom, Digest.Of(DigestAlgorithm.Sha256, layer), layer.Length)}}],
         "subject":{{ManifestJson.Descriptor(MediaType.OciManifest, subject, 400)}}}
        """;

    private Task<RegistryProcess> StartDeletingAsync()
    {
        var port = FreePort.Find();
        return RegistryProcess.StartAsync(Conformance.PrivateRegistry.Configuration(DataDirectory, port), port, ConfigurationFile, Token);
    }
}
