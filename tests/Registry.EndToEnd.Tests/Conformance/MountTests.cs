using System.Net;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>Mounting blobs of one repository into another.</summary>
public sealed class MountTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Mount_BlobOfAnotherRepository_IsThereWithoutAPush()
    {
        var (from, to) = (NewRepository(), NewRepository());
        var digest = await Api.PushBlobAsync(from, "mounted"u8.ToArray(), Token);

        var answer = (await Api.SendAsync("POST", $"/v2/{to}/blobs/uploads/?mount={digest}&from={from}", Token)).Expect(HttpStatusCode.Created);

        Assert.Equal(digest.ToString(), answer.Header("Docker-Content-Digest"));
        Assert.Equal($"/v2/{to}/blobs/{digest}", answer.Location);
        Assert.Equal("mounted", (await Api.GetAsync(answer.Location, Token)).Expect(HttpStatusCode.OK).Text);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task Mount_NoRepositoryNamed_IsFoundInAnother(DigestAlgorithm algorithm)
    {
        var (holder, to) = (NewRepository(), NewRepository());
        var content = System.Text.Encoding.ASCII.GetBytes($"held by {holder}");
        var digest = Digest.Of(algorithm, content).ToString();
        (await Api.FinishAsync(await Api.BeginAsync(holder, Token), digest, Token, content)).Expect(HttpStatusCode.Created);

        var answer = (await Api.SendAsync("POST", $"/v2/{to}/blobs/uploads/?mount={digest}", Token)).Expect(HttpStatusCode.Created);

        Assert.Equal(digest, answer.Header("Docker-Content-Digest"));
        Assert.Equal(content, (await Api.GetAsync(answer.Location, Token)).Expect(HttpStatusCode.OK).Body);

        // Bytes that no repository has any more are nobody's to mount, though they still lie there.
        (await Api.SendAsync("DELETE", $"/v2/{holder}/blobs/{digest}", Token)).Expect(HttpStatusCode.Accepted);
        (await Api.SendAsync("DELETE", $"/v2/{to}/blobs/{digest}", Token)).Expect(HttpStatusCode.Accepted);
        (await Api.SendAsync("POST", $"/v2/{NewRepository()}/blobs/uploads/?mount={digest}", Token)).Expect(HttpStatusCode.Accepted);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("&from=conformance/none")]
    [InlineData("&from=NOT%20A%20NAME")]
    [InlineData("&from=../../etc")]
    [InlineData("&from=")]
    public async Task Mount_WhatPreventsIt_BeginsAnUpload(string from)
    {
        var digest = await Api.PushBlobAsync(NewRepository(), "not to be mounted"u8.ToArray(), Token);
        var to = NewRepository();

        var answer = (await Api.SendAsync("POST", $"/v2/{to}/blobs/uploads/?mount={digest}{from}", Token)).Expect(HttpStatusCode.Accepted);

        (await Api.GetAsync($"/v2/{to}/blobs/{digest}", Token)).Expect(HttpStatusCode.NotFound);
        (await Api.FinishAsync(answer.Location, digest.ToString(), Token, "not to be mounted"u8.ToArray())).Expect(HttpStatusCode.Created);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:bad")]
    [InlineData("")]
    public async Task Mount_BlobThatIsNotThere_BeginsAnUpload(string digest)
    {
        var from = NewRepository();
        await Api.PushBlobAsync(from, "something else"u8.ToArray(), Token);

        (await Api.SendAsync("POST", $"/v2/{NewRepository()}/blobs/uploads/?mount={digest}&from={from}", Token)).Expect(HttpStatusCode.Accepted);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Mount_BlobThatWasDeletedThere_BeginsAnUpload()
    {
        var from = NewRepository();
        var digest = await Api.PushBlobAsync(from, "deleted"u8.ToArray(), Token);
        (await Api.SendAsync("DELETE", $"/v2/{from}/blobs/{digest}", Token)).Expect(HttpStatusCode.Accepted);

        (await Api.SendAsync("POST", $"/v2/{NewRepository()}/blobs/uploads/?mount={digest}&from={from}", Token)).Expect(HttpStatusCode.Accepted);
    }
}
