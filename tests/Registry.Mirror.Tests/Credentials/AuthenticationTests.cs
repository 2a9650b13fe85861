using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;

namespace Registry.Mirror.Tests.Credentials;

public sealed class AuthenticationTests
{
    private static readonly UpstreamCredential Credential = new("user", "s3cret");

    private static string BasicHeader => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("user:s3cret"))}";

    [Fact]
    public async Task SendAsync_Challenged_FetchesATokenAndLaterSendsItAtOnce()
    {
        await using var registry = await TokenServer.StartAsync();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));

        using var first = await upstream.AskAsync();
        using var second = await upstream.AskAsync();

        Assert.Null(first.Failure);
        Assert.Equal("content", await second.ReadAsync());
        Assert.Equal(["/v2/library/nginx/manifests/latest", "/token", "/v2/library/nginx/manifests/latest", "/v2/library/nginx/manifests/latest"], registry.Server.Requests.Select(request => request.Path));
        Assert.Equal("?service=test&scope=repository%3Alibrary%2Fnginx%3Apull", registry.Server.Requests.ElementAt(1).Query);
        Assert.Null(registry.Server.Requests.ElementAt(1)["Authorization"]);
    }

    [Fact]
    public async Task SendAsync_TokenFetched_IsLoggedWithoutTheTokenOrThePassword()
    {
        await using var registry = await TokenServer.StartAsync();
        var logger = new RecordingLogger();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url, Credential), logger: logger);

        using var reply = await upstream.AskAsync();

        var (id, text) = Assert.Single(logger.Entries);
        Assert.Equal("TokenFetched", id.Name);
        Assert.Contains("repository:library/nginx:pull", text, StringComparison.Ordinal);
        Assert.DoesNotContain("token-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_RealmThatFailed_IsLearnedAnew()
    {
        await using var registry = await TokenServer.StartAsync();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url) with { Realms = ["localhost"] });
        using var first = await upstream.AskAsync();
        registry.Issue = static (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
        var redis = TestUpstreams.Manifest with { Repository = RepositoryName.Parse("library/redis") };
        using var failed = await upstream.AskAsync(redis);
        registry.Issue = static (context, token) => context.Response.WriteAsync(
            context.Request.Host.Host == "localhost" ? $$"""{"token":"{{token}}"}""" : "{}", context.RequestAborted);
        registry.Realm = $"http://localhost:{registry.Server.Port}/token";

        using var reply = await upstream.AskAsync(redis);

        Assert.NotNull(failed.Failure);
        Assert.Null(reply.Failure);
    }

    [Fact]
    public async Task SendAsync_AnotherRepository_FetchesATokenFirst()
    {
        await using var registry = await TokenServer.StartAsync();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));
        using var first = await upstream.AskAsync();
        registry.Server.Requests.Clear();

        using var other = await upstream.AskAsync(new UpstreamRequest(HttpMethod.Head, RepositoryName.Parse("library/redis"), "manifests/latest"));

        Assert.Null(other.Failure);
        Assert.Equal(["/token", "/v2/library/redis/manifests/latest"], registry.Server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task SendAsync_ThirtyAtOnce_FetchOneToken()
    {
        await using var registry = await TokenServer.StartAsync();
        var gate = new TaskCompletionSource();
        registry.Issue = async (context, token) =>
        {
            await gate.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync($$"""{"access_token":"{{token}}"}""", context.RequestAborted);
        };
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));
        var endpoint = upstream.Endpoints[0];

        var asking = Enumerable.Range(0, 30).Select(_ => endpoint.SendAsync(TestUpstreams.Manifest, TestContext.Current.CancellationToken)).ToArray();
        gate.SetResult();
        var replies = await Task.WhenAll(asking);

        Assert.All(replies, reply => Assert.Null(reply.Failure));
        Assert.Equal(1, registry.Issued);
        Array.ForEach(replies, reply => reply.Dispose());
    }

    [Theory]
    [InlineData("""{"token":"T"}""", 53, 55)]
    [InlineData("""{"token":"T","expires_in":5}""", 53, 55)]
    [InlineData("""{"token":"T","expires_in":300}""", 269, 271)]
    [InlineData("""{"token":"","access_token":"T","expires_in":"300"}""", 269, 271)]
    [InlineData("""{"token":"T","expires_in":1e999}""", 77_759, 77_761)]
    [InlineData("""{"token":"T","expires_in":-1e999}""", 53, 55)]
    public async Task SendAsync_TokenNearItsEnd_IsReplacedAtNineTenths(string body, int before, int after)
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Issue = (context, token) => context.Response.WriteAsync(body.Replace("T\"", $"{token}\"", StringComparison.Ordinal), context.RequestAborted);
        var time = new FakeTimeProvider();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url), time);
        using var first = await upstream.AskAsync();

        time.Advance(TimeSpan.FromSeconds(before));
        using var second = await upstream.AskAsync();
        Assert.Equal(1, registry.Issued);

        time.Advance(TimeSpan.FromSeconds(after - before));
        using var third = await upstream.AskAsync();
        Assert.Equal(2, registry.Issued);
    }

    [Fact]
    public async Task SendAsync_TokenRefusedInTheMiddle_IsReplacedOnceForAll()
    {
        await using var registry = await TokenServer.StartAsync();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));
        using var first = await upstream.AskAsync();
        registry.Revoked = "token-1";

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => upstream.AskAsync()));

        Assert.All(replies, reply => Assert.Null(reply.Failure));
        Assert.Equal(2, registry.Issued);
        Array.ForEach(replies, reply => reply.Dispose());
    }

    [Fact]
    public async Task SendAsync_FreshTokenRefusedToo_IsUnauthorizedAfterOneMoreTry()
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Revoked = "token-1";
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Unauthorized, reply.Failure?.Kind);
        Assert.Equal(HttpStatusCode.Unauthorized, reply.Failure?.Status);
        Assert.Equal(1, registry.Issued);
        Assert.Equal(2, registry.Server.Count("/v2/library/nginx/manifests/latest"));
    }

    [Fact]
    public async Task SendAsync_Credentials_GoToTheRealmAndNotToTheRegistry()
    {
        await using var registry = await TokenServer.StartAsync();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url, Credential));

        using var reply = await upstream.AskAsync();

        Assert.Equal([null, BasicHeader, "Bearer token-1"], registry.Server.Requests.Select(request => request["Authorization"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendAsync_RealmOnAnotherSite_IsRefusedWithoutAskingIt(bool anonymous)
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Realm = $"http://localhost:{registry.Server.Port}/token?hidden=1";
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url, anonymous ? null : Credential));

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Invalid, reply.Failure?.Kind);
        Assert.Contains($"localhost:{registry.Server.Port}", reply.Failure?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", reply.Failure?.Message, StringComparison.Ordinal);
        Assert.Equal(0, registry.Issued);
    }

    [Fact]
    public async Task SendAsync_RealmOnAnotherSiteThatIsConfigured_IsUsed()
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Realm = $"http://localhost:{registry.Server.Port}/token";
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url) with { Realms = ["localhost"] });

        using var reply = await upstream.AskAsync();

        Assert.Null(reply.Failure);
    }

    [Theory]
    [InlineData(401, UpstreamFailureKind.Unauthorized)]
    [InlineData(403, UpstreamFailureKind.Unauthorized)]
    [InlineData(429, UpstreamFailureKind.TooManyRequests)]
    [InlineData(503, UpstreamFailureKind.Unavailable)]
    [InlineData(418, UpstreamFailureKind.Invalid)]
    public async Task SendAsync_RealmFails_TellsItsFailureAndNoSecret(int status, UpstreamFailureKind kind)
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Issue = (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        };
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url, Credential));

        using var reply = await upstream.AskAsync();

        Assert.Equal(kind, reply.Failure?.Kind);
        Assert.Equal(TimeSpan.FromSeconds(7), reply.Failure?.RetryAfter);
        Assert.DoesNotContain("s3cret", reply.Failure?.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", upstream.Options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"token":"two words"}""")]
    [InlineData("""{"token":"line\r\nbreak"}""")]
    [InlineData(null)]
    public async Task SendAsync_RealmSpeaksRubbish_IsInvalid(string? body)
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Issue = (context, token) => context.Response.WriteAsync(body ?? $$"""{"token":"{{token}}","pad":"{{new string('x', 64 * 1024)}}"}""", context.RequestAborted);
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Invalid, reply.Failure?.Kind);
    }

    [Fact]
    public async Task SendAsync_ScopeOfAnotherForm_IsAskedForAsItCame()
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Scope = "aws";
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));

        using var reply = await upstream.AskAsync();

        Assert.Null(reply.Failure);
        Assert.Equal("?service=test&scope=aws", registry.Server.Requests.ElementAt(1).Query);
    }

    [Fact]
    public async Task SendAsync_BasicChallenge_SendsCredentialsAtOnceFromThenOn()
    {
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization != BasicHeader)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = "basic realm=\"registry\"";
            }

            return Task.CompletedTask;
        });
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url, Credential));
        using var anonymous = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url));

        using var first = await upstream.AskAsync();
        using var second = await upstream.AskAsync();
        using var refused = await anonymous.AskAsync();

        Assert.Null(second.Failure);
        Assert.Equal([null, BasicHeader, BasicHeader, null], registry.Requests.Select(request => request["Authorization"]));
        Assert.Equal(UpstreamFailureKind.Unauthorized, refused.Failure?.Kind);
    }

    [Fact]
    public async Task SendAsync_WrongPasswordForBasic_IsTriedOnce()
    {
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"registry\"";
            return Task.CompletedTask;
        });
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url, Credential));

        using var first = await upstream.AskAsync();
        registry.Requests.Clear();
        using var second = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Unauthorized, first.Failure?.Kind);
        Assert.Equal(UpstreamFailureKind.Unauthorized, second.Failure?.Kind);
        Assert.Single(registry.Requests);
    }
}
