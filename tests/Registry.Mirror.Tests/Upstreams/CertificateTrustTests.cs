using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Upstreams;

public sealed class CertificateTrustTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task SendAsync_PrivateAuthorityThatIsConfigured_IsTrusted()
    {
        using var certificate = _authority.Issue(IPAddress.Loopback);
        await using var registry = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("trusted", context.RequestAborted), certificate);
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url) with { CertificateAuthority = _authority.PemFile });

        using var reply = await upstream.AskAsync();

        Assert.Equal("trusted", await reply.ReadAsync());
    }

    [Fact]
    public async Task SendAsync_UnknownAuthority_IsRefused()
    {
        using var other = new TestAuthority();
        using var certificate = other.Issue(IPAddress.Loopback);
        await using var registry = await LoopbackServer.StartAsync(context => Task.CompletedTask, certificate);
        using var withOther = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url) with { CertificateAuthority = _authority.PemFile });
        using var withNone = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url));

        using var one = await withOther.AskAsync();
        using var two = await withNone.AskAsync();

        Assert.Equal(UpstreamFailureKind.Unreachable, one.Failure?.Kind);
        Assert.Equal(UpstreamFailureKind.Unreachable, two.Failure?.Kind);
        Assert.Contains("certificate", one.Failure?.Message, StringComparison.Ordinal);
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task SendAsync_TrustedAuthorityButAnotherName_IsRefused()
    {
        using var certificate = _authority.Issue(IPAddress.Parse("192.0.2.1"));
        await using var registry = await LoopbackServer.StartAsync(context => Task.CompletedTask, certificate);
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url) with { CertificateAuthority = _authority.PemFile });

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Unreachable, reply.Failure?.Kind);
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public void Upstream_AuthorityFileMissingOrEmpty_Throws()
    {
        var options = TestUpstreams.OptionsFor(new Uri("https://registry.example.com"));
        var empty = Path.GetTempFileName();

        Assert.Throws<CryptographicException>(() => TestUpstreams.Create(options with { CertificateAuthority = "/nowhere/ca.pem" }).Dispose());
        Assert.Throws<CryptographicException>(() => TestUpstreams.Create(options with { CertificateAuthority = empty }).Dispose());
        File.Delete(empty);
    }
}
