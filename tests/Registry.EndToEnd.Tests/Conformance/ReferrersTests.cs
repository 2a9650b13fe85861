using System.Net;
using System.Text;
using System.Text.Json;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>The referrers API.</summary>
public sealed class ReferrersTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    private static readonly Digest Subject = Digest.Of(DigestAlgorithm.Sha256, "subject"u8);

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_NothingRefers_IsAnEmptyIndex(bool repositoryExists)
    {
        var repository = NewRepository();
        if (repositoryExists)
        {
            await Api.PushImageAsync(repository, "v1", Token);
        }

        var answer = (await Api.GetAsync($"/v2/{repository}/referrers/{Subject}", Token)).Expect(HttpStatusCode.OK);

        Assert.Equal(MediaType.OciIndex, answer.Header("Content-Type"));
        Assert.Equal($$"""{"schemaVersion":2,"mediaType":"{{MediaType.OciIndex}}","manifests":[]}""", answer.Text);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_EveryKindOfReferrer_HasTheRightDescriptor()
    {
        var repository = NewRepository();
        var artifact = await RefererAsync(repository, ",\"artifactType\":\"application/vnd.example.sbom\",\"annotations\":{\"org.example\":\"a/b <é>\"}");
        var byConfig = await RefererAsync(repository, "", "application/vnd.example.config");
        var index = await Api.PushManifestAsync(repository, "i", ManifestJson.Index($"{SubjectJson},\"artifactType\":\"application/vnd.example.set\""), Token, MediaType.OciIndex);
        var plainIndex = await Api.PushManifestAsync(repository, "p", ManifestJson.Index(SubjectJson), Token, MediaType.OciIndex);

        var found = await ListAsync(repository);

        Assert.Equal([artifact, byConfig, index, plainIndex], found.Select(DigestOf).ToHashSet());
        Assert.Equal("application/vnd.example.sbom", Type(found, artifact));
        Assert.Equal("application/vnd.example.config", Type(found, byConfig));
        Assert.Equal("application/vnd.example.set", Type(found, index));
        Assert.Null(Type(found, plainIndex));
        var descriptor = found.Single(item => DigestOf(item) == artifact);
        Assert.Equal("a/b <é>", descriptor.GetProperty("annotations").GetProperty("org.example").GetString());
        Assert.Equal(MediaType.OciManifest, descriptor.GetProperty("mediaType").GetString());
        var size = (await Api.SendAsync("HEAD", $"/v2/{repository}/manifests/{artifact}", Token)).Header("Content-Length");
        Assert.Equal(size, descriptor.GetProperty("size").GetRawText());
        Assert.False(found.Single(item => DigestOf(item) == byConfig).TryGetProperty("annotations", out _));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_Filtered_SaysSoAndHasOnlyThose()
    {
        var repository = NewRepository();
        var wanted = await RefererAsync(repository, ",\"artifactType\":\"application/vnd.example.a+b\"");
        await RefererAsync(repository, ",\"artifactType\":\"application/vnd.example.other\"");

        var answer = (await Api.GetAsync($"/v2/{repository}/referrers/{Subject}?artifactType=application%2Fvnd.example.a%2Bb", Token)).Expect(HttpStatusCode.OK);
        var none = (await Api.GetAsync($"/v2/{repository}/referrers/{Subject}?artifactType=none/such", Token)).Expect(HttpStatusCode.OK);

        Assert.Equal("artifactType", answer.Header("OCI-Filters-Applied"));
        Assert.Equal(wanted, DigestOf(Assert.Single(Manifests(answer))));
        Assert.Equal("artifactType", none.Header("OCI-Filters-Applied"));
        Assert.Empty(Manifests(none));
        Assert.Null((await Api.GetAsync($"/v2/{repository}/referrers/{Subject}", Token)).Header("OCI-Filters-Applied"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_AfterDelete_HasItNoMore()
    {
        var repository = NewRepository();
        var first = await RefererAsync(repository, ",\"annotations\":{\"n\":\"1\"}");
        var second = await RefererAsync(repository, ",\"annotations\":{\"n\":\"2\"}");
        Assert.Equal(2, (await ListAsync(repository)).Length);

        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/{first}", Token)).Expect(HttpStatusCode.Accepted);

        Assert.Equal(second, DigestOf(Assert.Single(await ListAsync(repository))));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_PushedAfterTheFirstList_HasIt()
    {
        var repository = NewRepository();
        await Api.PushImageAsync(repository, "v1", Token);
        Assert.Empty(await ListAsync(repository));

        var pushed = await RefererAsync(repository, "");

        Assert.Equal(pushed, DigestOf(Assert.Single(await ListAsync(repository))));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_MoreThanAPage_LinksToTheRest()
    {
        var repository = NewRepository();
        var text = new string('x', 700_000);
        var pushed = new HashSet<Digest>();
        for (var i = 0; i < 12; i++)
        {
            pushed.Add(await RefererAsync(repository, $",\"artifactType\":\"a/t\",\"annotations\":{{\"n\":\"{i}\",\"text\":\"{text}\"}}"));
        }

        foreach (var filter in new[] { "", "?artifactType=a/t" })
        {
            var seen = new List<Digest>();
            var pages = 0;
            for (var next = $"/v2/{repository}/referrers/{Subject}{filter}"; next is not null; pages++)
            {
                var answer = (await Api.GetAsync(next, Token)).Expect(HttpStatusCode.OK);
                Assert.Equal(MediaType.OciIndex, answer.Header("Content-Type"));
                Assert.InRange(answer.Body.Length, 1, 4 << 20);
                Assert.Equal(filter.Length > 0 ? "artifactType" : null, answer.Header("OCI-Filters-Applied"));
                seen.AddRange(Manifests(answer).Select(DigestOf));
                next = answer.NextPage();
            }

            Assert.InRange(pages, 2, 12);
            Assert.Equal(12, seen.Count);
            Assert.Equal(pushed, seen.ToHashSet());
        }
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("\\ud800")]
    [InlineData("\\u0000")]
    public async Task List_AnnotationsThatAreNoText_BreakNothing(string text)
    {
        var repository = NewRepository();
        await ListAsync(repository);
        var odd = await RefererAsync(repository, $",\"annotations\":{{\"a\":\"{text}\"}}");
        var plain = await RefererAsync(repository, "");

        Assert.Equal([odd, plain], (await ListAsync(repository)).Select(DigestOf).ToHashSet());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_IndexRemoved_IsMadeAnew()
    {
        var repository = NewRepository();
        var pushed = await RefererAsync(repository, "");
        Assert.Single(await ListAsync(repository));

        Directory.Delete(Path.Join(Registry.DataDirectory, "docker/registry/v2/repositories", repository, "_registry/referrers"), recursive: true);

        Assert.Equal(pushed, DigestOf(Assert.Single(await ListAsync(repository))));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_SubjectDeleted_StillHasItsReferrers()
    {
        var repository = NewRepository();
        var subject = await Api.PushImageAsync(repository, "v1", Token, "subject of its own");
        var config = await Api.PushBlobAsync(repository, "{}"u8.ToArray(), Token);
        var more = $",\"subject\":{ManifestJson.Descriptor(MediaType.OciManifest, subject, 100)}";
        var pushed = await Api.PushManifestAsync(repository, "sig", ManifestJson.Image(config, 2, more, []), Token);

        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/{subject}", Token)).Expect(HttpStatusCode.Accepted);

        var left = (await Api.GetAsync($"/v2/{repository}/referrers/{subject}", Token)).Expect(HttpStatusCode.OK);
        Assert.Equal(pushed, DigestOf(Assert.Single(Manifests(left))));
    }

    private static string SubjectJson => $",\"subject\":{ManifestJson.Descriptor(MediaType.OciManifest, Subject, 7)}";

    private static JsonElement[] Manifests(ApiAnswer answer)
    {
        var reader = new Utf8JsonReader(answer.Body);
        var index = JsonElement.ParseValue(ref reader);
        Assert.Equal(answer.Body.Length, reader.BytesConsumed);
        Assert.Equal(2, index.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(MediaType.OciIndex, index.GetProperty("mediaType").GetString());
        return [.. index.GetProperty("manifests").EnumerateArray()];
    }

    private static Digest DigestOf(JsonElement descriptor) => Digest.Parse(descriptor.GetProperty("digest").GetString()!);

    private static string? Type(JsonElement[] found, Digest digest) =>
        found.Single(item => DigestOf(item) == digest).TryGetProperty("artifactType", out var type) ? type.GetString() : null;

    private async Task<Digest> RefererAsync(string repository, string more, string configType = "application/vnd.oci.empty.v1+json")
    {
        var config = await Api.PushBlobAsync(repository, "{}"u8.ToArray(), Token);
        var json = ManifestJson.Image(config, 2, $"{SubjectJson}{more}", [], configType);
        var digest = Digest.Of(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(json));
        var pushed = (await Api.PutManifestAsync(repository, digest.ToString(), json, Token)).Expect(HttpStatusCode.Created);
        Assert.Equal(Subject.ToString(), pushed.Header("OCI-Subject"));
        return digest;
    }

    private async Task<JsonElement[]> ListAsync(string repository)
    {
        var answer = (await Api.GetAsync($"/v2/{repository}/referrers/{Subject}", Token)).Expect(HttpStatusCode.OK);
        Assert.Equal(MediaType.OciIndex, answer.Header("Content-Type"));
        return Manifests(answer);
    }
}
