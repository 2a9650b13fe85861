using System.Net;
using Registry.EndToEnd.Servers;
using Registry.Testing.Serving;
using Xunit;

namespace Registry.EndToEnd.Tls;

/// <summary>The binary gets its certificate from an ACME authority, over its own plain listener.</summary>
public sealed class LetsEncryptTests : TlsTest
{
    private const string Host = "registry.example.test";

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_LetsEncrypt_GetsACertificateAndKeepsItWithoutTheAuthority()
    {
        await WriteCertificatesAsync(Certificates);
        var (port, plain) = (FreePort.Find(), FreePort.Find());
        var authority = await AcmeAuthority.StartAsync(Certificates, Directory, null, plain, IPAddress.Loopback, Token);
        var cache = Directory.File("acme/state");
        var configuration =
            $$"""
            {{RegistryConfiguration.Private(DataDirectory, port)}}
              plain: {addr: 127.0.0.1:{{plain}}, redirect: true}
              tls: {letsencrypt: {cachefile: {{cache}}, email: me@example.com, hosts: [{{Host}}], directoryurl: {{authority.Directory}} } }
            """;

        // The test authority's own https is of an authority that only this process is told to trust.
        await using (var server = await StartTlsAsync(port, configuration, ("SSL_CERT_FILE", AuthorityFile)))
        {
            await server.WaitUntilAsync(async token => (await PresentedAsync(port, Host, token))?.Issuer.Contains("Pebble", StringComparison.Ordinal) ?? false, Token);
            await server.TerminateAsync(Token);
            Assert.Equal(0, await server.WaitForExitAsync(Token));
            Assert.DoesNotContain("level=error", server.Said);
        }

        await authority.DisposeAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cache));
        }

        await using var again = await StartTlsAsync(port, configuration);
        using var presented = await PresentedAsync(port, Host, Token);
        Assert.Contains("Pebble", presented!.Issuer);
        Assert.True(presented.MatchesHostname(Host));
        Assert.Equal(
            $"301 https://{Host}:{port}/v2/?n=1",
            (await CurlAsync("-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "--resolve", $"{Host}:{plain}:127.0.0.1", $"http://{Host}:{plain}/v2/?n=1")).Succeeded());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_AuthorityIsDown_TheServerAnswersAndSaysSo()
    {
        await WriteCertificatesAsync(Certificates);
        var (port, plain) = (FreePort.Find(), FreePort.Find());
        await using var server = await StartTlsAsync(port,
            $$"""
            {{RegistryConfiguration.Private(DataDirectory, port)}}
              plain: {addr: 127.0.0.1:{{plain}}}
              tls: {letsencrypt: {cachefile: {{Directory.File("state")}}, hosts: [{{Host}}], directoryurl: https://127.0.0.1:{{FreePort.Find()}}/dir} }
            """);

        await server.WaitUntilAsync(_ => Task.FromResult(server.Said.Contains("no new certificate for registry.example.test", StringComparison.Ordinal)), Token);

        Assert.Equal("healthy", (await CurlAsync("-k", $"https://127.0.0.1:{port}/health")).Succeeded());
    }
}
