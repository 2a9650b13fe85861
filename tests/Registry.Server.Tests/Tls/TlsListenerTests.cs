using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Registry.Server.Tls;
using Registry.Testing;
using Registry.Testing.Serving;
using Xunit;

namespace Registry.Server.Tests.Tls;

public sealed class TlsListenerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestCertificates _certificates = new(TimeProvider.System);
    private readonly TestCertificates _others = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _others.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13, SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13, SslProtocols.Tls13, true)]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls13, true)]
    public async Task Connect_Version_IsWhatIsOffered(SslProtocols offered, SslProtocols wanted, bool works)
    {
        await using var server = await StartAsync(new TlsOptions { Versions = offered });

        Assert.Equal(works ? "HTTP/1.1 200 OK" : null, await AskAsync(server, new SslClientAuthenticationOptions { EnabledSslProtocols = wanted }));
    }

    [Theory]
    [InlineData(false, "http/1.1")]
    [InlineData(true, "h2")]
    public async Task Connect_Alpn_OffersHttp2OnlyWhenToldTo(bool http2, string expected)
    {
        await using var server = await StartAsync(new TlsOptions { OffersHttp2 = http2 });
        using var client = await ConnectAsync(server);
        await using var tls = new SslStream(client.GetStream());

        await tls.AuthenticateAsClientAsync(Trusting(new SslClientAuthenticationOptions { ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] }), Token);

        Assert.Equal(expected, tls.NegotiatedApplicationProtocol.ToString());
    }

    [Theory]
    [InlineData(ClientCertificateDemand.RequireAndVerify, false, false, true)]
    [InlineData(ClientCertificateDemand.VerifyIfGiven, true, false, true)]
    [InlineData(ClientCertificateDemand.RequireAny, false, true, true)]
    [InlineData(ClientCertificateDemand.Request, true, true, true)]
    public async Task Connect_ClientCertificate_IsDemandedAsConfigured(ClientCertificateDemand demand, bool none, bool strange, bool known)
    {
        var authority = _directory.File("clients.pem");
        await File.WriteAllTextAsync(authority, _certificates.AuthorityPem, Token);
        await using var server = await StartAsync(new TlsOptions { ClientAuthorityFiles = [authority], ClientCertificates = demand });

        Assert.Equal(none, await AskAsync(server, new SslClientAuthenticationOptions()) is not null);
        Assert.Equal(strange, await AskAsync(server, With(_others.Server)) is not null);
        Assert.Equal(known, await AskAsync(server, With(_certificates.Server)) is not null);
    }

    [Fact]
    public async Task Connect_HandshakeThatIsNeverFinished_IsClosed()
    {
        await using var server = await StartAsync(new TlsOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(200) });
        using var client = await ConnectAsync(server);
        await client.GetStream().WriteAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00 }, Token);

        Assert.Equal(0, await ReadOrZeroAsync(client.GetStream()));
    }

    [Fact]
    public async Task Get_OverTls_HasHsts()
    {
        await using var server = await StartAsync(new TlsOptions(), new ServerOptions { HstsMaxAge = TimeSpan.FromDays(1) });
        using var client = await ConnectAsync(server);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(Trusting(new SslClientAuthenticationOptions()), Token);
        await tls.WriteAsync(Encoding.ASCII.GetBytes("GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), Token);
        using var reader = new StreamReader(tls);

        Assert.Contains("Strict-Transport-Security: max-age=86400\r\n", await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    private static SslClientAuthenticationOptions With(X509Certificate2 certificate) => new()
    {
        ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
    };

    private SslClientAuthenticationOptions Trusting(SslClientAuthenticationOptions options)
    {
        options.TargetHost = "localhost";
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509Certificate2.CreateFromPem(_certificates.AuthorityPem) },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return options;
    }

    private static async Task<TcpClient> ConnectAsync(TestServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port, Token);
        return client;
    }

    // The status line; null: the server would have none of it. In TLS 1.3 a client learns of a refusal with its first read.
    private async Task<string?> AskAsync(TestServer server, SslClientAuthenticationOptions options)
    {
        using var client = await ConnectAsync(server);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(Trusting(options), Token);
            await tls.WriteAsync(Encoding.ASCII.GetBytes("GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), Token);
            using var reader = new StreamReader(tls);
            return await reader.ReadLineAsync(Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return null;
        }
    }

    private static async Task<int> ReadOrZeroAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[100], Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private async Task<TestServer> StartAsync(TlsOptions tls, ServerOptions? options = null)
    {
        var (certificate, key) = (_directory.File("cert.pem"), _directory.File("key.pem"));
        await File.WriteAllTextAsync(certificate, _certificates.ServerPem, Token);
        await File.WriteAllTextAsync(key, _certificates.ServerKeyPem, Token);
        return await TestServer.StartAsync(options: (options ?? new ServerOptions()) with { Tls = tls with { CertificateFile = certificate, KeyFile = key } });
    }
}
