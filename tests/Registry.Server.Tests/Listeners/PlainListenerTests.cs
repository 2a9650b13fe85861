using System.Net;
using Registry.Server.Listeners;
using Registry.Server.Tls;
using Registry.Testing;
using Registry.Testing.Serving;
using Xunit;

namespace Registry.Server.Tests.Listeners;

public sealed class PlainListenerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestCertificates _certificates = new(TimeProvider.System);
    private TestServer _server = null!;

    private string WebRoot => _directory.Subdirectory("webroot");

    public async ValueTask InitializeAsync() => _server = await StartAsync(redirects: true);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificates.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("GET /v2/a/b/tags/list?n=1&last=x HTTP/1.1\r\nHost: registry.example.com", "https://registry.example.com/v2/a/b/tags/list?n=1&last=x")]
    [InlineData("GET / HTTP/1.1\r\nHost: registry.example.com:80", "https://registry.example.com/")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: [2001:db8::1]:8080", "https://[2001:db8::1]/v2/")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0", "https://x/v2/a/blobs/uploads/")]
    [InlineData("GET /a%2Fb%20c//../d%0d%0aX HTTP/1.1\r\nHost: x", "https://x/a%2Fb%20c//../d%0d%0aX")]
    [InlineData("GET //evil.example.com/ HTTP/1.1\r\nHost: x", "https://x//evil.example.com/")]
    [InlineData("GET http://registry.example.com/v2/?n=1 HTTP/1.1\r\nHost: registry.example.com", "https://registry.example.com/v2/?n=1")]
    [InlineData("GET /health HTTP/1.1\r\nHost: x", "https://x/health")]
    public async Task Get_AnythingElse_IsSentToHttpsWithHostPathAndQuery(string request, string location)
    {
        var answer = await PlainAsync(request);

        Assert.StartsWith("HTTP/1.1 301 ", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: {location}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Content-Type-Options: nosniff\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Strict-Transport-Security", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: ")]
    [InlineData("GET / HTTP/1.1\r\nHost: a/b")]
    [InlineData("GET / HTTP/1.1\r\nHost: a@evil.example.com")]
    [InlineData("GET / HTTP/1.1\r\nHost: a b")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\"><script>")]
    [InlineData("GET / HTTP/1.1\r\nHost: a:0")]
    [InlineData("GET / HTTP/1.1\r\nHost: a:99999")]
    [InlineData("GET / HTTP/1.1\r\nHost: a..b")]
    [InlineData("GET / HTTP/1.1\r\nHost: [::1%25eth0]")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b")]
    [InlineData("GET / HTTP/1.1\r\nX: y")]
    [InlineData("GET / HTTP/1.0\r\nX: y")]
    public async Task Get_HostThatIsNone_Is400AndNotReflected(string request)
    {
        var answer = await PlainAsync(request);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Location:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("script", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_PublicHostIsConfigured_ItsPortIsWhereHttpsIs()
    {
        await using var server = await StartAsync(redirects: true, new Uri("https://registry.example.com:8443"));

        Assert.Contains("\r\nLocation: https://other:8443/v2/\r\n", await PlainAsync("GET /v2/ HTTP/1.1\r\nHost: other", server), StringComparison.Ordinal);
        Assert.Contains("\r\nLocation: https://registry.example.com:8443/v2/\r\n", await PlainAsync("GET /v2/ HTTP/1.0\r\nX: y", server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ProxyThatEndsTlsItself_IsServedAndNotSentRound()
    {
        await using var server = await StartAsync(redirects: true, proxies: [IPNetwork.Parse("127.0.0.0/8")]);

        Assert.StartsWith("HTTP/1.1 200 ", await PlainAsync("GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https", server), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 301 ", await PlainAsync("GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: http", server), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 301 ", await PlainAsync("GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WithoutRedirect_TheRegistryIsServed()
    {
        await using var server = await StartAsync(redirects: false);

        Assert.StartsWith("HTTP/1.1 200 ", await PlainAsync("GET /v2/ HTTP/1.1\r\nHost: x", server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ChallengeInTheWebRoot_IsServed()
    {
        await WriteChallengeAsync("abc_-09Z", "abc.thumbprint");

        var answer = await PlainAsync("GET /.well-known/acme-challenge/abc_-09Z HTTP/1.1\r\nHost: x");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nabc.thumbprint", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("")]
    [InlineData("directory")]
    [InlineData("secret.txt")]
    [InlineData("..%2fsecret")]
    [InlineData("%2e%2e/secret")]
    [InlineData("..\\secret")]
    [InlineData("a/b")]
    [InlineData("abc%00")]
    public async Task Get_HostileOrMissingChallenge_IsNoFile(string token)
    {
        await WriteChallengeAsync("secret.txt", "secret");
        await File.WriteAllTextAsync(Path.Join(WebRoot, ".well-known", "secret"), "secret", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Join(WebRoot, ".well-known/acme-challenge/directory"));

        var answer = await PlainAsync($"GET /.well-known/acme-challenge/{token} HTTP/1.1\r\nHost: x");

        Assert.Matches("^HTTP/1.1 (301|400|404) ", answer);
        Assert.DoesNotContain("\r\n\r\nsecret", answer, StringComparison.Ordinal);
    }

    private async Task WriteChallengeAsync(string name, string text)
    {
        var path = Path.Join(WebRoot, ".well-known/acme-challenge", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
    }

    private async Task<TestServer> StartAsync(bool redirects, Uri? host = null, IReadOnlyList<IPNetwork>? proxies = null)
    {
        var (certificate, key) = (_directory.File("cert.pem"), _directory.File("key.pem"));
        await File.WriteAllTextAsync(certificate, _certificates.ServerPem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(key, _certificates.ServerKeyPem, TestContext.Current.CancellationToken);
        return await TestServer.StartAsync(options: new ServerOptions
        {
            Host = host,
            HstsMaxAge = TimeSpan.FromDays(1),
            Headers = [new("X-Content-Type-Options", "nosniff")],
            TrustedProxies = proxies ?? [],
            Plain = new PlainOptions { Address = "127.0.0.1:0", AcmeWebRoot = WebRoot, Redirects = redirects },
            Tls = new TlsOptions { CertificateFile = certificate, KeyFile = key },
        });
    }

    private Task<string> PlainAsync(string request, TestServer? server = null) =>
        (server ?? _server).SendRawAsync($"{request}\r\nConnection: close\r\n\r\n", (server ?? _server).PlainAddress);
}
