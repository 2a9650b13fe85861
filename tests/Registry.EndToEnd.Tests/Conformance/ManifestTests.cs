using System.Net;
using System.Text;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>Pushing and pulling manifests of every kind.</summary>
public sealed class ManifestTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    private const int MaxBytes = 4 << 20;
    private const string Missing = "sha256:0000000000000000000000000000000000000000000000000000000000000001";

    public static TheoryData<string, string, string> Kinds => new()
    {
        { "image", MediaType.OciManifest, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[LAYER]}""" },
        { "Docker image", MediaType.DockerManifest, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[LAYER]}""" },
        { "no mediaType", MediaType.OciManifest, """{"schemaVersion":2,"config":CONFIG,"layers":[LAYER]}""" },
        { "no mediaType, Docker's", MediaType.DockerManifest, """{"schemaVersion":2,"config":CONFIG,"layers":[LAYER]}""" },
        { "no layers", MediaType.OciManifest, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG}""" },
        { "empty layers", MediaType.OciManifest, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[]}""" },
        { "unknown fields and odd spaces", MediaType.OciManifest, "{ \"schemaVersion\":2,\n\t\"mediaType\":\"TYPE\",\"config\":CONFIG ,\"layers\":[LAYER],\"new\":{\"a\":[1,null,\"\\u00e9é\"]} }\n" },
        { "artifact", MediaType.OciManifest, """{"schemaVersion":2,"mediaType":"TYPE","artifactType":"application/vnd.example.sbom","config":CONFIG,"layers":[LAYER]}""" },
        { "subject that is missing", MediaType.OciManifest, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[LAYER],"subject":{"mediaType":"TYPE","digest":"MISSING","size":7}}""" },
        { "OCI foreign layer", MediaType.OciManifest, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[{"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip","digest":"MISSING","size":7,"urls":["https://example.org/l"]}]}""" },
        { "Docker foreign layer", MediaType.DockerManifest, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"MISSING","size":7,"urls":["https://example.org/l"]}]}""" },
        { "index", MediaType.OciIndex, """{"schemaVersion":2,"mediaType":"TYPE","manifests":[CHILD]}""" },
        { "empty index", MediaType.OciIndex, """{"schemaVersion":2,"mediaType":"TYPE","manifests":[]}""" },
        { "manifest list", MediaType.DockerManifestList, """{"schemaVersion":2,"mediaType":"TYPE","manifests":[CHILD]}""" },
        { "index with artifactType and subject", MediaType.OciIndex, """{"schemaVersion":2,"mediaType":"TYPE","artifactType":"application/vnd.example.set","manifests":[CHILD],"subject":{"mediaType":"TYPE","digest":"MISSING","size":7}}""" },
        { "index without mediaType", MediaType.OciIndex, """{"schemaVersion":2,"manifests":[CHILD]}""" },
        { "BuildKit's cache of blobs", MediaType.OciIndex, """{"schemaVersion":2,"mediaType":"TYPE","manifests":[LAYER,CONFIG]}""" },
    };

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Kinds))]
    public async Task Push_EveryKind_IsReturnedByteForByte(string kind, string mediaType, string form)
    {
        var repository = NewRepository();
        var json = await CompleteAsync(repository, form, mediaType);
        var digest = Digest.Of(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(json));

        var pushed = (await Api.PutManifestAsync(repository, "v1", json, Token, mediaType)).Expect(HttpStatusCode.Created);

        Assert.Equal(digest.ToString(), pushed.Header("Docker-Content-Digest"));
        Assert.Equal($"/v2/{repository}/manifests/{digest}", pushed.Location);
        Assert.Equal("0", pushed.Header("Content-Length"));
        Assert.Equal(kind.Contains("subject", StringComparison.Ordinal) ? Missing : null, pushed.Header("OCI-Subject"));
        Assert.Null(pushed.Header("OCI-Tag"));
        foreach (var reference in new[] { "v1", digest.ToString() })
        {
            var pulled = (await Api.GetAsync($"/v2/{repository}/manifests/{reference}", Token)).Expect(HttpStatusCode.OK);
            Assert.Equal(json, pulled.Text);
            Assert.Equal(mediaType, pulled.Header("Content-Type"));
            Assert.Equal(digest.ToString(), pulled.Header("Docker-Content-Digest"));
            var head = (await Api.SendAsync("HEAD", $"/v2/{repository}/manifests/{reference}", Token)).Expect(HttpStatusCode.OK);
            Assert.Empty(head.Body);
            Assert.Equal(pulled.Header("Content-Length"), head.Header("Content-Length"));
            Assert.Equal(mediaType, head.Header("Content-Type"));
        }
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_NestedIndex_IsTaken()
    {
        var repository = NewRepository();
        var inner = await CompleteAsync(repository, """{"schemaVersion":2,"mediaType":"TYPE","manifests":[CHILD]}""", MediaType.OciIndex);
        var digest = await Api.PushManifestAsync(repository, "inner", inner, Token, MediaType.OciIndex);

        await Api.PushManifestAsync(repository, "outer", ManifestJson.Index("", (MediaType.OciIndex, digest, inner.Length)), Token, MediaType.OciIndex);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task Push_ByDigest_HasNoTag(DigestAlgorithm algorithm)
    {
        var repository = NewRepository();
        var json = await CompleteAsync(repository, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[LAYER]}""", MediaType.OciManifest);
        var digest = Digest.Of(algorithm, Encoding.UTF8.GetBytes(json));

        var pushed = (await Api.PutManifestAsync(repository, digest.ToString(), json, Token)).Expect(HttpStatusCode.Created);

        Assert.Equal(digest.ToString(), pushed.Header("Docker-Content-Digest"));
        Assert.Equal(json, (await Api.GetAsync($"/v2/{repository}/manifests/{digest}", Token)).Expect(HttpStatusCode.OK).Text);
        Assert.Empty((await Api.GetAsync($"/v2/{repository}/tags/list", Token)).Expect(HttpStatusCode.OK).Strings("tags"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_ByDigestWithTags_SetsThemAndSaysWhich()
    {
        var repository = NewRepository();
        var json = await CompleteAsync(repository, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[LAYER]}""", MediaType.OciManifest);
        var digest = Digest.Of(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(json));
        var tags = Enumerable.Range(10, 12).Select(static i => $"t{i}").ToArray();

        var pushed = (await Api.PutManifestAsync(repository, $"{digest}?{string.Join('&', tags.Select(tag => $"tag={tag}"))}", json, Token)).Expect(HttpStatusCode.Created);

        Assert.Equal(tags, pushed.Header("OCI-Tag")!.Split(", "));
        Assert.Equal(tags, (await Api.GetAsync($"/v2/{repository}/tags/list", Token)).Strings("tags"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_ByDigestWithTagsThatCannotBe_IsRefused()
    {
        var repository = NewRepository();
        var json = await CompleteAsync(repository, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[LAYER]}""", MediaType.OciManifest);
        var digest = Digest.Of(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(json));
        var many = string.Join('&', Enumerable.Range(0, 200).Select(static i => $"tag=t{i}"));

        (await Api.PutManifestAsync(repository, $"{digest}?tag=good&tag=-bad", json, Token)).ExpectError(HttpStatusCode.BadRequest, "TAG_INVALID");
        (await Api.PutManifestAsync(repository, $"{digest}?{many}", json, Token)).Expect(HttpStatusCode.RequestUriTooLong);

        (await Api.GetAsync($"/v2/{repository}/manifests/good", Token)).Expect(HttpStatusCode.NotFound);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(Missing, "DIGEST_INVALID")]
    [InlineData("sha256:baddigeststring", "DIGEST_INVALID")]
    [InlineData("-bad", "TAG_INVALID")]
    public async Task Push_ReferenceThatItIsNot_Is400(string reference, string code)
    {
        var repository = NewRepository();
        var json = await CompleteAsync(repository, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[LAYER]}""", MediaType.OciManifest);

        (await Api.PutManifestAsync(repository, reference, json, Token)).ExpectError(HttpStatusCode.BadRequest, code);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"MISSING","size":1},"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[{"mediaType":"a/b","digest":"MISSING","size":1}]}""")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[{"mediaType":"a/b","digest":"MISSING","size":1,"urls":["https://example.org"]}]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"mediaType":"a/b","digest":"MISSING","size":1}]}""")]
    public async Task Push_PartMissing_NamesIt(string form)
    {
        var repository = NewRepository();
        var json = await CompleteAsync(repository, form, MediaType.OciManifest);

        var refused = (await Api.PutManifestAsync(repository, "v1", json, Token, null)).ExpectError(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");

        Assert.Contains(Missing, refused.Text);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("""{"schemaVersion":1,"name":"a","fsLayers":[]}""")]
    [InlineData("""{"schemaVersion":2}""")]
    [InlineData("""{"schemaVersion":2,"config":{},"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[7]}""")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[]} trailing""")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[LAYER],"manifests":[CHILD]}""")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[],"subject":{"digest":"sha256:bad","size":1}}""")]
    public async Task Push_NoManifest_Is400(string form)
    {
        var repository = NewRepository();
        var json = await CompleteAsync(repository, form, MediaType.OciManifest);

        (await Api.PutManifestAsync(repository, "v1", json, Token)).ExpectError(HttpStatusCode.BadRequest, "MANIFEST_INVALID");

        (await Api.GetAsync($"/v2/{repository}/manifests/v1", Token)).Expect(HttpStatusCode.NotFound);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_MediaTypeThatTheJsonContradicts_Is400()
    {
        var repository = NewRepository();
        var json = await CompleteAsync(repository, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[LAYER]}""", MediaType.OciManifest);

        (await Api.PutManifestAsync(repository, "v1", json, Token, MediaType.DockerManifest)).ExpectError(HttpStatusCode.BadRequest, "MANIFEST_INVALID");

        (await Api.PutManifestAsync(repository, "v1", json, Token, $"{MediaType.OciManifest}; charset=utf-8")).Expect(HttpStatusCode.Created);
        Assert.Equal(MediaType.OciManifest, (await Api.GetAsync($"/v2/{repository}/manifests/v1", Token)).Header("Content-Type"));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(MaxBytes, HttpStatusCode.Created, false)]
    [InlineData(MaxBytes + 1, HttpStatusCode.RequestEntityTooLarge, false)]
    [InlineData(MaxBytes + 1, HttpStatusCode.RequestEntityTooLarge, true)]
    public async Task Push_AtTheBound_IsTakenUpToFourMebibytes(int size, HttpStatusCode expected, bool isChunked)
    {
        var repository = NewRepository();
        var start = await CompleteAsync(repository, """{"schemaVersion":2,"mediaType":"TYPE","config":CONFIG,"layers":[LAYER],"annotations":{"a":" """, MediaType.OciManifest);
        start = start.TrimEnd();
        var json = $"{start}{new string('x', size - start.Length - 3)}\"}}}}";
        Assert.Equal(size, json.Length);
        var body = new ByteArrayContent(Encoding.ASCII.GetBytes(json));
        body.Headers.ContentType = new(MediaType.OciManifest);

        var answer = await Api.SendAsync(
            "PUT", $"/v2/{repository}/manifests/v1", Token, body, isChunked ? [("Transfer-Encoding", "chunked")] : []);

        answer.Expect(expected);
        if (expected == HttpStatusCode.Created)
        {
            Assert.Equal(json, (await Api.GetAsync($"/v2/{repository}/manifests/v1", Token)).Text);
        }
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_TagMoved_BothManifestsStay()
    {
        var repository = NewRepository();
        var first = await Api.PushImageAsync(repository, "v1", Token, "first");
        var second = await Api.PushImageAsync(repository, "v1", Token, "second");

        Assert.Equal(second, (await Api.GetAsync($"/v2/{repository}/manifests/v1", Token)).Digest);
        Assert.Equal(first, (await Api.GetAsync($"/v2/{repository}/manifests/{first}", Token)).Expect(HttpStatusCode.OK).Digest);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_ClientHasIt_Is304WithQuotesAndWithout()
    {
        var repository = NewRepository();
        var digest = await Api.PushImageAsync(repository, "v1", Token);

        (await Api.GetAsync($"/v2/{repository}/manifests/v1", Token, ("If-None-Match", $"\"{digest}\""))).Expect(HttpStatusCode.NotModified);
        (await Api.GetAsync($"/v2/{repository}/manifests/v1", Token, ("If-None-Match", $"{digest}"))).Expect(HttpStatusCode.NotModified);
    }

    private async Task<string> CompleteAsync(string repository, string form, string mediaType)
    {
        var config = await Api.PushBlobAsync(repository, "{}"u8.ToArray(), Token);
        var layer = await Api.PushBlobAsync(repository, "layer"u8.ToArray(), Token);
        var child = form.Contains("CHILD", StringComparison.Ordinal) ? await Api.PushImageAsync(repository, "child", Token) : default;
        return form
            .Replace("MISSING", Missing, StringComparison.Ordinal)
            .Replace("TYPE", mediaType, StringComparison.Ordinal)
            .Replace("CONFIG", ManifestJson.Descriptor("application/vnd.oci.empty.v1+json", config, 2), StringComparison.Ordinal)
            .Replace("LAYER", ManifestJson.Descriptor("application/vnd.oci.image.layer.v1.tar", layer, 5), StringComparison.Ordinal)
            .Replace("CHILD", form.Contains("CHILD", StringComparison.Ordinal) ? ManifestJson.Descriptor(MediaType.OciManifest, child, 400) : "", StringComparison.Ordinal);
    }
}
