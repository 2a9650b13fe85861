using System.Net;
using Xunit;

namespace Registry.Server.Tests.Listeners;

public sealed class FrontDoorTests
{
    [Fact]
    public async Task Get_Health_IsHealthy()
    {
        await using var server = await TestServer.StartAsync(options: new ServerOptions { RequestsPerSecond = 1 });
        for (var i = 0; i < 5; i++)
        {
            using var response = await server.GetAsync("/health");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("healthy\n", await response.TextAsync());
        }
    }

    [Fact]
    public async Task Get_MoreRequestsThanAllowed_Is429()
    {
        await using var server = await TestServer.StartAsync(options: new ServerOptions { RequestsPerSecond = 1 });
        var answers = new List<HttpResponseMessage>();
        while (answers.Count < 2 || answers[^1].StatusCode == HttpStatusCode.OK)
        {
            answers.Add(await server.GetAsync("/v2/"));
        }

        Assert.Equal("1", answers[^1].Header("Retry-After"));
        await answers[^1].ExpectProblemAsync(429, "TOOMANYREQUESTS");
        answers.ForEach(static answer => answer.Dispose());
    }

    [Fact]
    public async Task Options_CorsOrigins_Is204ForThoseAndSaysNothingToOthers()
    {
        await using var server = await TestServer.StartAsync(options: new ServerOptions { CorsOrigins = ["https://ui.example.com"] });

        using var preflight = await server.SendAsync(HttpMethod.Options, "/v2/a/manifests/b", ("Origin", "https://ui.example.com"), ("Access-Control-Request-Method", "DELETE"));
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("https://ui.example.com", preflight.Header("Access-Control-Allow-Origin"));
        Assert.Contains("DELETE", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("Authorization", preflight.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("Origin", preflight.Header("Vary"));

        using var answer = await server.GetAsync("/v2/", ("Origin", "https://ui.example.com"));
        Assert.Equal("https://ui.example.com", answer.Header("Access-Control-Allow-Origin"));
        Assert.Contains("Docker-Content-Digest", answer.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);

        using var stranger = await server.GetAsync("/v2/", ("Origin", "https://ui.example.com.evil.example"));
        Assert.Null(stranger.Header("Access-Control-Allow-Origin"));
        Assert.Equal("Origin", stranger.Header("Vary"));
    }

    [Fact]
    public async Task Options_AccessControlInHeaders_Is204WithThoseAndNoneTwice()
    {
        var headers = new KeyValuePair<string, string>[] { new("access-control-allow-origin", "http://old.example.com"), new("Access-Control-Allow-Methods", "HEAD") };
        await using var old = await TestServer.StartAsync(options: new ServerOptions { Headers = headers });
        using var answer = await old.SendAsync(HttpMethod.Options, "/v2/", ("Origin", "http://old.example.com"));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("http://old.example.com", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("HEAD", answer.Header("Access-Control-Allow-Methods"));

        await using var both = await TestServer.StartAsync(options: new ServerOptions { Headers = headers, CorsOrigins = ["*"] });
        using var beside = await both.SendAsync(HttpMethod.Options, "/v2/", ("Origin", "http://x"));
        Assert.Equal("http://old.example.com", beside.Header("Access-Control-Allow-Origin"));
        Assert.Equal("HEAD", beside.Header("Access-Control-Allow-Methods"));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7, 10.0.0.9", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7, 10.0.0.9", "203.0.113.7")]
    [InlineData("198.51.100.1, garbage, 10.0.0.9", "10.0.0.9")]
    [InlineData("203.0.113.7:4711", "203.0.113.7")]
    [InlineData("[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("\"><script>", "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    public async Task Log_TrustedProxy_HasTheLastAddressThatIsNoProxy(string forwarded, string expected)
    {
        await using var server = await TestServer.StartAsync(options: new ServerOptions { TrustedProxies = [IPNetwork.Parse("127.0.0.1/32"), IPNetwork.Parse("10.0.0.0/8")] });

        using var response = await server.GetAsync("/v2/", ("X-Forwarded-For", forwarded));

        Assert.StartsWith($"{expected} - - ", Assert.Single(await server.AccessLinesAsync(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_StrangerWhoClaimsToBeAProxy_IsNotBelieved()
    {
        await using var server = await TestServer.StartAsync(options: new ServerOptions { TrustedProxies = [IPNetwork.Parse("10.0.0.0/8")], HstsMaxAge = TimeSpan.FromDays(1) });

        using var response = await server.GetAsync("/v2/", ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"));

        Assert.StartsWith("127.0.0.1 - - ", Assert.Single(await server.AccessLinesAsync(1)), StringComparison.Ordinal);
        Assert.Null(response.Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Get_BehindAProxyThatEndsTls_HasHsts()
    {
        await using var server = await TestServer.StartAsync(options: new ServerOptions { TrustedProxies = [IPNetwork.Parse("127.0.0.1/32")], HstsMaxAge = TimeSpan.FromDays(2) });

        using var response = await server.GetAsync("/nothing", ("X-Forwarded-Proto", "https"));

        Assert.Equal("max-age=172800", response.Header("Strict-Transport-Security"));
    }
}
