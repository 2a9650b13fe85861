using System.Net;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>What is not about a repository: the ping, unknown paths, methods that are not there.</summary>
public sealed class BaseTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("GET", "/v2/", "{}")]
    [InlineData("GET", "/v2", "{}")]
    [InlineData("HEAD", "/v2/", "")]
    public async Task Ping_AnyForm_SaysThatTheApiIsHere(string method, string path, string body)
    {
        var answer = (await Api.SendAsync(method, path, Token)).Expect(HttpStatusCode.OK);

        Assert.Equal(body, answer.Text);
        Assert.Equal("registry/2.0", answer.Header("Docker-Distribution-API-Version"));
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Null(answer.Header("WWW-Authenticate"));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("/v1/_ping")]
    [InlineData("/v2x/")]
    [InlineData("/v2/_oci/ext/discover")]
    [InlineData("/v2/team/app")]
    [InlineData("/v2/team/app/tags")]
    [InlineData("/v2/team/app/tags/other")]
    [InlineData("/v2/manifests/latest")]
    [InlineData("/v2/team/app/uploads/x")]
    public async Task Get_NoResource_Is404InJson(string path) =>
        (await Api.GetAsync(path, Token)).ExpectError(HttpStatusCode.NotFound, "NAME_UNKNOWN");

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("/v2/TEAM/app/tags/list", "NAME_INVALID")]
    [InlineData("/v2/team//app/tags/list", "NAME_INVALID")]
    [InlineData("/v2/team/-app/manifests/latest", "NAME_INVALID")]
    [InlineData("/v2/_team/manifests/latest", "NAME_INVALID")]
    [InlineData("/v2/team/%2e%2e%2fapp/manifests/latest", "NAME_INVALID")]
    [InlineData("/v2/team/app/manifests/-latest", "TAG_INVALID")]
    [InlineData("/v2/team/app/manifests/", "TAG_INVALID")]
    [InlineData("/v2/team/app/manifests/sha256:baddigest", "DIGEST_INVALID")]
    [InlineData("/v2/team/app/manifests/md5:d41d8cd98f00b204e9800998ecf8427e", "DIGEST_INVALID")]
    [InlineData("/v2/team/app/blobs/sha256:" + Hex + "0", "DIGEST_INVALID")]
    [InlineData("/v2/team/app/blobs/sha256:E3B0C44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "DIGEST_INVALID")]
    [InlineData("/v2/team/app/blobs/latest", "DIGEST_INVALID")]
    [InlineData("/v2/team/app/referrers/sha256:bad", "DIGEST_INVALID")]
    public async Task Get_WhatDoesNotParse_Is400InJson(string path, string code) =>
        (await Api.GetAsync(path, Token)).ExpectError(HttpStatusCode.BadRequest, code);

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("/v2/team/none/blobs/sha256:" + Hex, "BLOB_UNKNOWN")]
    [InlineData("/v2/team/none/manifests/latest", "MANIFEST_UNKNOWN")]
    [InlineData("/v2/team/none/manifests/sha256:" + Hex, "MANIFEST_UNKNOWN")]
    [InlineData("/v2/team/none/tags/list", "NAME_UNKNOWN")]
    public async Task Get_UnknownRepository_Is404InJson(string path, string code)
    {
        (await Api.GetAsync(path, Token)).ExpectError(HttpStatusCode.NotFound, code);

        Assert.Empty((await Api.SendAsync("HEAD", path, Token)).Expect(HttpStatusCode.NotFound).Body);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("PUT", "/v2/")]
    [InlineData("POST", "/v2/_catalog")]
    [InlineData("POST", "/v2/team/app/manifests/latest")]
    [InlineData("PATCH", "/v2/team/app/manifests/latest")]
    [InlineData("PUT", "/v2/team/app/blobs/sha256:" + Hex)]
    [InlineData("POST", "/v2/team/app/blobs/sha256:" + Hex)]
    [InlineData("GET", "/v2/team/app/blobs/uploads/")]
    [InlineData("POST", "/v2/team/app/blobs/uploads/00000000-0000-0000-0000-000000000000")]
    [InlineData("DELETE", "/v2/team/app/tags/list")]
    [InlineData("PUT", "/v2/team/app/referrers/sha256:" + Hex)]
    [InlineData("BREW", "/v2/")]
    public async Task Send_MethodThatIsNotThere_Is405AndNamesThoseThatAre(string method, string path)
    {
        var answer = (await Api.SendAsync(method, path, Token)).ExpectError(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");

        Assert.DoesNotContain(method, answer.Header("Allow"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_PartsNamedAsResources_AreParsedFromTheRight()
    {
        const string Name = "blobs/uploads/manifests/tags/list/referrers";
        var digest = await Api.PushImageAsync(Name, "latest", Token);

        Assert.Equal(digest, (await Api.GetAsync($"/v2/{Name}/manifests/latest", Token)).Expect(HttpStatusCode.OK).Digest);
        Assert.Equal(["latest"], (await Api.GetAsync($"/v2/{Name}/tags/list", Token)).Strings("tags"));
    }
}
