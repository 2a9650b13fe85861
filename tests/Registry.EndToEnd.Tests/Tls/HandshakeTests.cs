using Registry.EndToEnd.Servers;
using Xunit;

namespace Registry.EndToEnd.Tls;

/// <summary>What openssl and curl see of the binary's TLS.</summary>
public sealed class HandshakeTests : TlsTest
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Connect_DefaultTls_IsVersion12And13WithHttp11AndResumption()
    {
        await WriteCertificatesAsync(Certificates);
        var port = FreePort.Find();
        await using var server = await StartTlsAsync(port, Configuration(port, ""));

        foreach (var version in new[] { "tls1_2", "tls1_3" })
        {
            var session = Directory.File(version);
            var first = await OpenSslAsync(port, $"-{version}", "-CAfile", AuthorityFile, "-verify_return_error", "-alpn", "h2,http/1.1", "-sess_out", session);
            Assert.Contains("HTTP/1.1 200 OK", first.Output);
            Assert.Contains("ALPN protocol: http/1.1", first.Output);
            Assert.DoesNotContain("unexpected eof", first.Output);
            Assert.Contains("Reused, TLS", (await OpenSslAsync(port, $"-{version}", "-sess_in", session)).Output);
        }

        Assert.DoesNotContain("HTTP/1.1", (await OpenSslAsync(port, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")).Output);
        Assert.Equal("{}", (await CurlAsync("--cacert", AuthorityFile, $"https://localhost:{port}/v2/")).Succeeded());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Connect_MinimumAndSuitesAndHttp2_AreAsConfigured()
    {
        await WriteCertificatesAsync(Certificates);
        var port = FreePort.Find();
        await using var server = await StartTlsAsync(port, Configuration(port, ", ciphersuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]", "  http2: {disabled: false}"));

        Assert.Contains("Cipher is ECDHE-ECDSA-AES128-GCM-SHA256", (await OpenSslAsync(port, "-tls1_2")).Output);
        Assert.Contains("Cipher is TLS_AES_", (await OpenSslAsync(port, "-tls1_3")).Output);
        Assert.Contains("Cipher is (NONE)", (await OpenSslAsync(port, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384")).Output);
        Assert.Equal("2 200", (await CurlAsync("-o", "/dev/null", "-w", "%{http_version} %{http_code}", "--http2", "--cacert", AuthorityFile, $"https://localhost:{port}/v2/")).Succeeded());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Connect_ClientAuthorities_OnlyWhoHasACertificateOfThemIsServed()
    {
        await WriteCertificatesAsync(Certificates);
        var port = FreePort.Find();
        await using var server = await StartTlsAsync(port, Configuration(port, $", clientcas: [{AuthorityFile}]"));

        var known = await CurlAsync("--cacert", AuthorityFile, "--cert", CertificateFile, "--key", KeyFile, $"https://localhost:{port}/v2/");

        Assert.Equal("{}", known.Succeeded());
        Assert.NotEqual(0, (await CurlAsync("--cacert", AuthorityFile, $"https://localhost:{port}/v2/")).ExitCode);
        Assert.Contains("CN = Test authority", (await OpenSslAsync(port)).Output);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_CertificateMissing_ExitsTwoAndSaysWhere()
    {
        var result = await RegistryProcess.RunAsync(Configuration(FreePort.Find(), ""), ConfigurationFile, Token);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{ConfigurationFile}:6:9: http.tls: there is no file '{CertificateFile}'", result.Error);
    }
}
