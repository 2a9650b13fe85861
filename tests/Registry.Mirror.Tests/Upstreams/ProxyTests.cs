using System.Net;
using Microsoft.AspNetCore.Http;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Upstreams;

public sealed class ProxyTests
{
    [Fact]
    public async Task SendAsync_Socks5_GoesThroughIt()
    {
        await using var registry = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("far away", context.RequestAborted));
        await using var proxy = new TunnelProxy(registry.Port);
        using var upstream = TestUpstreams.Create(
            TestUpstreams.OptionsFor(new Uri("http://registry.example.com:5000")) with { Proxy = new Uri($"socks5://127.0.0.1:{proxy.Port}") });

        using var reply = await upstream.AskAsync();

        Assert.Equal("far away", await reply.ReadAsync());
        Assert.Equal(["registry.example.com:5000"], proxy.Wanted);
    }

    [Fact]
    public async Task SendAsync_HttpProxyTowardsHttps_TunnelsThroughIt()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue(IPAddress.Parse("192.0.2.1"));
        await using var registry = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("far away", context.RequestAborted), certificate);
        await using var proxy = new TunnelProxy(registry.Port);
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(new Uri("https://192.0.2.1")) with
        {
            Proxy = new Uri($"http://127.0.0.1:{proxy.Port}"),
            CertificateAuthority = authority.PemFile,
        });

        using var reply = await upstream.AskAsync();

        Assert.Equal("far away", await reply.ReadAsync());
        Assert.Equal(["192.0.2.1:443"], proxy.Wanted);
    }

    [Fact]
    public async Task SendAsync_HttpProxyTowardsHttp_IsAskedForTheWholeUrl()
    {
        await using var proxy = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(context.Request.Host.Value!, context.RequestAborted));
        using var upstream = TestUpstreams.Create(
            TestUpstreams.OptionsFor(new Uri("http://registry.example.com:5000")) with { Proxy = new Uri($"http://user:s3cret@127.0.0.1:{proxy.Port}") });

        using var reply = await upstream.AskAsync();

        Assert.Equal("registry.example.com:5000", await reply.ReadAsync());
    }

    [Theory]
    [InlineData("http://10.0.0.1/x")]
    [InlineData("http://127.0.0.1/x")]
    [InlineData("http://localhost/x")]
    public async Task SendAsync_RedirectToAPrivateLiteralBehindAProxy_IsRefused(string location)
    {
        await using var proxy = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        using var upstream = TestUpstreams.Create(
            TestUpstreams.OptionsFor(new Uri("http://registry.example.com")) with { Proxy = new Uri($"http://127.0.0.1:{proxy.Port}") });

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Invalid, reply.Failure?.Kind);
        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task SendAsync_ProxyIsDown_SaysSoWithoutItsPassword()
    {
        using var dead = new DeadPort();
        using var upstream = TestUpstreams.Create(
            TestUpstreams.OptionsFor(new Uri("http://registry.example.com")) with { Proxy = new Uri($"socks5://user:s3cret@127.0.0.1:{dead.Port}") });

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Unreachable, reply.Failure?.Kind);
        Assert.Contains("proxy", reply.Failure?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", reply.Failure?.Message, StringComparison.Ordinal);
    }
}
