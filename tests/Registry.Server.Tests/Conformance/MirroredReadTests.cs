using System.Net;
using System.Text.Json;
using Registry.EndToEnd.Servers;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>That a mirror answers every read as the registry behind it does, when it asks it, and when it has the copy.</summary>
public sealed class MirroredReadTests(MirrorOfRegistry registry) : IClassFixture<MirrorOfRegistry>
{
    private static readonly string[] Headers =
    [
        "Content-Type", "Content-Length", "Content-Range", "Docker-Content-Digest", "ETag", "Accept-Ranges", "Cache-Control", "OCI-Filters-Applied", "Link", "Allow",
        "Docker-Distribution-API-Version",
    ];

    private static readonly string[] Methods = ["GET", "HEAD"];

    private static readonly string[] Paths =
    [
        "manifests/image", "manifests/docker", "manifests/untyped", "manifests/index", "manifests/nested", "manifests/sbom", "manifests/IMAGE", "manifests/INDEX", "manifests/SET",
        "manifests/IMAGE512", "manifests/INDEX512", "manifests/none", "manifests/NONE", "manifests/-bad", "manifests/sha256:bad",
        "blobs/LAYER", "blobs/BIG", "blobs/EMPTY", "blobs/NONE", "blobs/sha256:bad", "blobs/IMAGE",
        "tags/list", "tags/list?n=3", "tags/list?n=3&last=image", "tags/list?last=nested", "tags/list?n=0", "tags/list?n=-1", "tags/list?n=8", "tags/other",
        "referrers/IMAGE", "referrers/NONE", "referrers/IMAGE?artifactType=application/vnd.example.sbom", "referrers/IMAGE?artifactType=application/vnd.example.signature",
        "referrers/IMAGE?artifactType=application/vnd.example.none", "referrers/sha256:bad",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Reads => new(from path in Paths from method in Methods select (method, path));

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Reads))]
    public Task Read_OfAMirroredRepository_IsAnsweredAsByItsRegistry(string method, string path) => AssertSameAsync(method, path);

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("bytes=500-1499")]
    [InlineData("bytes=500-")]
    [InlineData("bytes=-500")]
    [InlineData("bytes=2000-5000")]
    [InlineData("bytes=500-0")]
    [InlineData("bytes=5000-10000")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=x-y")]
    [InlineData("lines=0-5")]
    public async Task Read_Range_IsAnsweredAsByItsRegistry(string range)
    {
        await AssertSameAsync("GET", "blobs/LAYER", ("Range", range));
        await AssertSameAsync("GET", "blobs/EMPTY", ("Range", range));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("")]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/vnd.oci.image.index.v1+json")]
    public Task Read_AnyAccept_GivesWhatIsStored(string accept) =>
        AssertSameAsync("GET", "manifests/image", accept.Length == 0 ? [] : [("Accept", accept)]);

    [Fact(Timeout = TestLimit.Milliseconds)]
    public Task Read_ClientHasIt_Is304() => AssertSameAsync("GET", "manifests/image", ("If-None-Match", $"\"{registry.Digests["IMAGE"]}\""));

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Read_ReferrersOfSeveralPages_AreAllThere()
    {
        const int Count = 5;
        var subject = Storage.Content.Digest.Of(Storage.Content.DigestAlgorithm.Sha256, "of several pages"u8);
        var config = await registry.Direct.PushBlobAsync(MirrorOfRegistry.Name, "{}"u8.ToArray(), Token);
        for (var i = 0; i < Count; i++)
        {
            // A page of the registry's has three of them.
            var more = $",\"subject\":{ManifestJson.Descriptor("a/b", subject, 1)},\"annotations\":{{\"a\":\"{i}{new string('x', 800_000)}\"}}";
            await registry.Direct.PushManifestAsync(MirrorOfRegistry.Name, $"page{i}", ManifestJson.Image(config, 2, more, []), Token);
        }

        var path = $"/v2/{MirrorOfRegistry.Name}/referrers/{subject}";
        Assert.NotNull((await registry.Direct.GetAsync(path, Token)).NextPage());

        var answer = (await registry.Mirrored.GetAsync(path, Token)).Expect(HttpStatusCode.OK);
        using var json = JsonDocument.Parse(answer.Body);

        Assert.Equal(Count, json.RootElement.GetProperty("manifests").GetArrayLength());
        Assert.InRange(answer.Body.Length, 1, 4 << 20);
    }

    private async Task AssertSameAsync(string method, string path, params (string, string)[] headers)
    {
        foreach (var (word, digest) in registry.Digests.OrderByDescending(static pair => pair.Key.Length))
        {
            path = path.Replace($"/{word}", $"/{digest}", StringComparison.Ordinal);
        }

        path = $"/v2/{MirrorOfRegistry.Name}/{path}";
        var expected = await registry.Direct.SendAsync(method, path, Token, null, headers);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var answer = await registry.Mirrored.SendAsync(method, path, Token, null, headers);
            Assert.Equal(expected.Status, answer.Status);
            if (expected.Status >= HttpStatusCode.BadRequest && expected.Body.Length > 0)
            {
                // The words may say that it was the upstream.
                answer.ExpectError(expected.Status, CodeOf(expected));
                continue;
            }

            Assert.Equal(expected.Body, answer.Body);
            Assert.All(Headers.Where(name => expected.Status < HttpStatusCode.BadRequest || name != "Content-Length"), name => Assert.Equal(expected.Header(name), answer.Header(name)));
        }
    }

    private static string CodeOf(ApiAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty("errors")[0].GetProperty("code").GetString()!;
    }
}
