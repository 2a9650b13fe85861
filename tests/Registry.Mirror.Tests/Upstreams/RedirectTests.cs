using System.Net;
using Microsoft.AspNetCore.Http;
using Registry.Mirror.Tests.Credentials;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Upstreams;

public sealed class RedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task SendAsync_RedirectToAnotherPort_KeepsRangeAndAcceptButNotAuthorization(int status)
    {
        await using var storage = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("layer", context.RequestAborted));
        await using var registry = await TokenServer.StartAsync();
        registry.Serve = RedirectTo(new Uri(storage.Url, "signed?signature=s"), status);
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url, new UpstreamCredential("user", "s3cret")));

        using var reply = await upstream.AskAsync(TestUpstreams.Manifest with { RangeStart = 3, RangeEnd = 9, IfNoneMatch = "\"e\"" });

        Assert.Equal("layer", await reply.ReadAsync());
        Assert.Equal(storage.Url.Authority, reply.ServedBy);
        var seen = Assert.Single(storage.Requests);
        Assert.Null(seen["Authorization"]);
        Assert.Equal("bytes=3-9", seen["Range"]);
        Assert.Contains("application/vnd.oci.image.index.v1+json", seen["Accept"], StringComparison.Ordinal);
        Assert.Equal("?signature=s", seen.Query);
    }

    [Fact]
    public async Task SendAsync_RedirectToAnotherHostNameOfTheSamePort_DropsAuthorization()
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Serve = RedirectTo(new Uri($"http://localhost:{registry.Server.Port}/token"), 307);
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));

        using var reply = await upstream.AskAsync();

        Assert.Null(registry.Server.Requests.Last()["Authorization"]);
    }

    [Fact]
    public async Task SendAsync_RelativeRedirectToItself_KeepsAuthorization()
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Serve = context => context.Request.Path == "/moved" ? context.Response.WriteAsync("here", context.RequestAborted) : RedirectTo(new Uri("/moved", UriKind.Relative), 302)(context);
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));

        using var reply = await upstream.AskAsync();

        Assert.Equal("here", await reply.ReadAsync());
    }

    [Fact]
    public async Task SendAsync_BackFromAStranger_StaysWithoutAuthorization()
    {
        await using var registry = await TokenServer.StartAsync();
        await using var stranger = await LoopbackServer.StartAsync(RedirectTo(new Uri(registry.Server.Url, "v2/other/private/manifests/latest"), 307));
        registry.Serve = RedirectTo(stranger.Url, 307);
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Server.Url));

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Unauthorized, reply.Failure?.Kind);
        Assert.All(
            registry.Server.Requests.Where(request => request.Path == "/v2/other/private/manifests/latest"),
            request => Assert.Null(request["Authorization"]));
    }

    [Fact]
    public async Task SendAsync_StorageSays401_IsNotAnsweredWithCredentials()
    {
        await using var storage = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"give me\"";
            return Task.CompletedTask;
        });
        await using var registry = await LoopbackServer.StartAsync(RedirectTo(storage.Url, 307));
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url, new UpstreamCredential("user", "s3cret")));

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Unauthorized, reply.Failure?.Kind);
        Assert.Contains(storage.Url.Authority, reply.Failure?.Message, StringComparison.Ordinal);
        Assert.Single(storage.Requests);
    }

    [Fact]
    public async Task SendAsync_RedirectLoop_EndsAfterTen()
    {
        await using var registry = await LoopbackServer.StartAsync(RedirectTo(new Uri("/again?secret", UriKind.Relative), 302));
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url));

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Invalid, reply.Failure?.Kind);
        Assert.DoesNotContain("secret", reply.Failure?.Message, StringComparison.Ordinal);
        Assert.Equal(11, registry.Requests.Count);
    }

    [Theory]
    [InlineData("10.0.0.5")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:192.168.0.1")]
    public async Task SendAsync_PublicUpstreamSendsToANameOnAPrivateAddress_IsRefusedAndLogged(string address)
    {
        await using var inner = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("internal", context.RequestAborted));
        await using var registry = await LoopbackServer.StartAsync(RedirectTo(new Uri($"http://cdn.example.net:{inner.Port}/x?secret"), 307));
        var logger = new RecordingLogger();
        using var upstream = TestUpstreams.CreateOn(
            TestUpstreams.OptionsFor(new Uri($"http://registry.example.com:{registry.Port}")),
            host => [IPAddress.Parse(host == "cdn.example.net" ? address : "93.184.215.14")],
            logger);

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Invalid, reply.Failure?.Kind);
        Assert.Contains("cdn.example.net", reply.Failure?.Message, StringComparison.Ordinal);
        Assert.Empty(inner.Requests);
        var entry = Assert.Single(logger.Entries);
        Assert.Equal("RedirectRefused", entry.Id.Name);
        Assert.DoesNotContain("secret", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_PublicUpstreamMovesItsOwnNameToAPrivateAddress_StillMayNotRedirectThere()
    {
        await using var inner = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("internal", context.RequestAborted));
        var hop = 0;
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.Connection = "close";
            return hop++ == 0 ? Task.CompletedTask : RedirectTo(new Uri($"http://cdn.example.net:{inner.Port}/"), 307)(context);
        });
        using var upstream = TestUpstreams.CreateOn(
            TestUpstreams.OptionsFor(new Uri($"http://registry.example.com:{registry.Port}")),
            host => [IPAddress.Parse(hop == 0 ? "93.184.215.14" : "10.0.0.1")]);

        using var first = await upstream.AskAsync();
        using var second = await upstream.AskAsync();

        Assert.Null(first.Failure);
        Assert.Equal(UpstreamFailureKind.Invalid, second.Failure?.Kind);
        Assert.Empty(inner.Requests);
    }

    [Fact]
    public async Task SendAsync_PrivateUpstreamSendsToAPrivateAddress_IsFollowed()
    {
        await using var storage = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("layer", context.RequestAborted));
        await using var registry = await LoopbackServer.StartAsync(RedirectTo(new Uri($"http://s3.corp.example:{storage.Port}/x"), 307));
        using var upstream = TestUpstreams.CreateOn(
            TestUpstreams.OptionsFor(new Uri($"http://registry.corp.example:{registry.Port}")),
            _ => [IPAddress.Parse("10.0.0.5")]);

        using var reply = await upstream.AskAsync();

        Assert.Equal("layer", await reply.ReadAsync());
    }

    [Fact]
    public async Task SendAsync_PublicUpstreamNamesARealmOnAPrivateAddress_IsRefused()
    {
        await using var registry = await TokenServer.StartAsync();
        registry.Realm = $"http://auth.example.com:{registry.Server.Port}/token";
        using var upstream = TestUpstreams.CreateOn(
            TestUpstreams.OptionsFor(new Uri($"http://registry.example.com:{registry.Server.Port}"), new UpstreamCredential("user", "s3cret")),
            host => [IPAddress.Parse(host == "auth.example.com" ? "10.0.0.5" : "93.184.215.14")]);

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Invalid, reply.Failure?.Kind);
        Assert.Equal(0, registry.Issued);
    }

    private static RequestDelegate RedirectTo(Uri target, int status) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = target.OriginalString;
        return Task.CompletedTask;
    };
}
