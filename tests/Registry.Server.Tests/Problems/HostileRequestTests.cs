using System.Net;
using System.Text.Json;
using Xunit;

namespace Registry.Server.Tests.Problems;

/// <summary>Requests that no client should send: each gets an error in OCI's form, and none touches a file outside the store.</summary>
public sealed class HostileRequestTests : IAsyncLifetime
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _server.AddManifest("team/app", "latest", "{}");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/v2/Team/manifests/latest", 400, "NAME_INVALID")]
    [InlineData("/v2/team/_layers/manifests/latest", 400, "NAME_INVALID")]
    [InlineData("/v2/team/app/manifests/-x", 400, "TAG_INVALID")]
    [InlineData("/v2/team/app/manifests/", 400, "TAG_INVALID")]
    [InlineData("/v2/team/app/manifests/sha256:abc", 400, "DIGEST_INVALID")]
    [InlineData("/v2/team/app/blobs/latest", 400, "DIGEST_INVALID")]
    [InlineData("/v2/team/app/blobs/sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", 400, "DIGEST_INVALID")]
    [InlineData("/v2/team/app/blobs/md5:d41d8cd98f00b204e9800998ecf8427e", 400, "DIGEST_INVALID")]
    [InlineData("/v2/team/app/blobs/sha256:" + Hex + "?ns=quay.io", 404, "NAME_UNKNOWN")]
    [InlineData("/v2/team/app/manifests/latest?ns=..%2f..", 404, "NAME_UNKNOWN")]
    [InlineData("/v2/team/app", 404, "NAME_UNKNOWN")]
    [InlineData("/v1/search", 404, "NAME_UNKNOWN")]
    [InlineData("/favicon.ico", 404, "NAME_UNKNOWN")]
    [InlineData("/etc/passwd", 404, "NAME_UNKNOWN")]
    [InlineData("/v2/%2e%2e/%2e%2e/outside/manifests/latest", 404, "NAME_UNKNOWN")]
    [InlineData("/v2/team%2fapp/manifests/latest", 400, "NAME_INVALID")]
    [InlineData("/v2/..%2f..%2foutside/manifests/latest", 400, "NAME_INVALID")]
    [InlineData("/v2/team/app/manifests/..%2f..%2fsecret", 400, "TAG_INVALID")]
    [InlineData("/v2/team/app/manifests/%2e%2e%2fsecret", 400, "TAG_INVALID")]
    [InlineData("/v2/team/app/manifests/latest%0a", 400, "TAG_INVALID")]
    [InlineData("/v2/team/app%0d%0aX:%20y/manifests/latest", 400, "NAME_INVALID")]
    [InlineData("/v2/team/%252e%252e/manifests/latest", 400, "NAME_INVALID")]
    [InlineData("/v2/team/app/manifests/%ff%fe", 400, "TAG_INVALID")]
    [InlineData("/v2/team\\..\\app/manifests/latest", 400, "NAME_INVALID")]
    public async Task Get_Trick_IsAnErrorInOciForm(string target, int status, string code)
    {
        var answer = await _server.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        using var body = JsonDocument.Parse(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        Assert.Equal(code, body.RootElement.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Get_OverlongNames_AreRefused()
    {
        using var name = await _server.GetAsync($"/v2/{new string('a', 256)}/manifests/latest");
        await name.ExpectProblemAsync(400, "NAME_INVALID");
        using var tag = await _server.GetAsync($"/v2/team/app/manifests/{new string('a', 129)}");
        await tag.ExpectProblemAsync(400, "TAG_INVALID");
    }

    [Theory]
    [InlineData("GET /v2/team/app%00/manifests/latest HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("GET /v2/team/\0app/manifests/latest HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("GET v2/ HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("nonsense\r\n\r\n", "400")]
    public async Task Send_WhatIsNoHttp_IsRefusedBeforeItIsLookedAt(string request, string status)
    {
        var answer = await _server.SendRawAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_NamesThatLeadOut_NeverReachAFile()
    {
        // What a path that left the root would find: a whole repository beside it.
        var outside = Path.Join(_server.Outside, "repositories/outside/_manifests/tags/latest/current");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Join(outside, "link"), $"sha256:{Hex}", TestContext.Current.CancellationToken);
        foreach (var name in new[] { "../../../../../repositories/outside", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/repositories/outside", "..%2f..%2f..%2f..%2f..%2frepositories%2foutside" })
        {
            foreach (var resource in new[] { "manifests/latest", "tags/list", $"blobs/sha256:{Hex}" })
            {
                var answer = await _server.SendRawAsync($"GET /v2/{name}/{resource} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
                Assert.DoesNotContain("latest\"", answer, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("DELETE", "/v2/", "GET, HEAD")]
    [InlineData("PUT", "/v2/team/app/tags/list", "GET, HEAD")]
    [InlineData("POST", "/v2/_catalog", "GET, HEAD")]
    [InlineData("PUT", "/v2/team/app/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000", "GET, HEAD, DELETE")]
    [InlineData("OPTIONS", "/v2/team/app/manifests/latest", "GET, HEAD, PUT, DELETE")]
    [InlineData("BREW", "/v2/team/app/manifests/latest", "GET, HEAD, PUT, DELETE")]
    [InlineData("PUT", "/v2/team/app/blobs/uploads/", "POST")]
    [InlineData("POST", "/v2/team/app/blobs/uploads/id", "GET, PATCH, PUT, DELETE")]
    public async Task Send_MethodThatTheResourceDoesNotHave_Is405(string method, string path, string allow)
    {
        using var response = await _server.SendAsync(new HttpMethod(method), path);
        await response.ExpectProblemAsync(405, "UNSUPPORTED");
        Assert.Equal(allow, response.Header("Allow"));
    }

    [Theory]
    [InlineData("/v2/")]
    [InlineData("/v2")]
    public async Task Get_Base_IsTheApiVersion(string path)
    {
        using var response = await _server.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Header("Content-Type"));
        Assert.Equal("registry/2.0", response.Header("Docker-Distribution-API-Version"));
        Assert.Equal("{}", await response.TextAsync());
        using var head = await _server.HeadAsync(path);
        Assert.Equal("2", head.Header("Content-Length"));
    }

    [Fact]
    public async Task Get_Root_IsEmptyAsDistributionHasIt()
    {
        using var response = await _server.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-cache", response.Header("Cache-Control"));
        Assert.Empty(await response.BytesAsync());
    }

    [Fact]
    public async Task Get_ConfiguredHeaders_AreOnEveryAnswer()
    {
        await using var server = await TestServer.StartAsync(options: new ServerOptions { Headers = [new("X-Content-Type-Options", "nosniff"), new("X-Other", "a"), new("X-Other", "b")] });
        foreach (var path in new[] { "/v2/", "/nothing" })
        {
            using var response = await server.GetAsync(path);
            Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
            Assert.Equal(["a", "b"], response.Headers.GetValues("X-Other"));
        }
    }
}
