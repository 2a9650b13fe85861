using System.Net;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>Deleting tags, manifests and blobs where that is allowed.</summary>
public sealed class DeleteTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    private static readonly Digest Unknown = Digest.Of(DigestAlgorithm.Sha256, "unknown"u8);

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Delete_Tag_LeavesManifestAndOtherTags()
    {
        var repository = NewRepository();
        var digest = await Api.PushImageAsync(repository, "v1", Token);
        await Api.PushImageAsync(repository, "v2", Token);

        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/v1", Token)).Expect(HttpStatusCode.Accepted);

        (await Api.SendAsync("HEAD", $"/v2/{repository}/manifests/v1", Token)).Expect(HttpStatusCode.NotFound);
        (await Api.SendAsync("HEAD", $"/v2/{repository}/manifests/v2", Token)).Expect(HttpStatusCode.OK);
        (await Api.SendAsync("HEAD", $"/v2/{repository}/manifests/{digest}", Token)).Expect(HttpStatusCode.OK);
        Assert.Equal(["v2"], (await Api.GetAsync($"/v2/{repository}/tags/list", Token)).Strings("tags"));
        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/v1", Token)).ExpectError(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Delete_Manifest_TakesItsTagsAlong()
    {
        var repository = NewRepository();
        var digest = await Api.PushImageAsync(repository, "v1", Token);
        await Api.PushImageAsync(repository, "v2", Token);
        var other = await Api.PushImageAsync(repository, "other", Token, "other");

        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/{digest}", Token)).Expect(HttpStatusCode.Accepted);

        foreach (var reference in new[] { "v1", "v2", digest.ToString() })
        {
            (await Api.GetAsync($"/v2/{repository}/manifests/{reference}", Token)).ExpectError(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        }

        Assert.Equal(["other"], (await Api.GetAsync($"/v2/{repository}/tags/list", Token)).Strings("tags"));
        (await Api.SendAsync("HEAD", $"/v2/{repository}/manifests/{other}", Token)).Expect(HttpStatusCode.OK);
        Assert.Equal(digest, await Api.PushImageAsync(repository, "v1", Token));
        (await Api.SendAsync("HEAD", $"/v2/{repository}/manifests/{digest}", Token)).Expect(HttpStatusCode.OK);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Delete_Blob_GoesFromThisRepositoryOnly()
    {
        var (repository, other) = (NewRepository(), NewRepository());
        var digest = await Api.PushBlobAsync(repository, "shared"u8.ToArray(), Token);
        await Api.PushBlobAsync(other, "shared"u8.ToArray(), Token);

        (await Api.SendAsync("DELETE", $"/v2/{repository}/blobs/{digest}", Token)).Expect(HttpStatusCode.Accepted);

        (await Api.SendAsync("HEAD", $"/v2/{repository}/blobs/{digest}", Token)).Expect(HttpStatusCode.NotFound);
        (await Api.GetAsync($"/v2/{repository}/blobs/{digest}", Token)).ExpectError(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        (await Api.GetAsync($"/v2/{other}/blobs/{digest}", Token)).Expect(HttpStatusCode.OK);
        await Api.PushBlobAsync(repository, "shared"u8.ToArray(), Token);
        (await Api.GetAsync($"/v2/{repository}/blobs/{digest}", Token)).Expect(HttpStatusCode.OK);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Delete_WhatIsNotThere_Is404()
    {
        var repository = NewRepository();
        await Api.PushImageAsync(repository, "v1", Token);

        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/none", Token)).ExpectError(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/{Unknown}", Token)).ExpectError(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        (await Api.SendAsync("DELETE", $"/v2/{repository}/blobs/{Unknown}", Token)).ExpectError(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        (await Api.SendAsync("DELETE", $"/v2/{NewRepository()}/manifests/v1", Token)).Expect(HttpStatusCode.NotFound);
        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/sha256:bad", Token)).ExpectError(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        (await Api.SendAsync("DELETE", $"/v2/{repository}/blobs/sha256:bad", Token)).ExpectError(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }
}
