using System.Net.Security;
using System.Security.Authentication;
using Registry.Server.Acme;
using Registry.Server.Tls;
using Registry.Testing;
using Registry.Testing.Serving;

namespace Registry.Aot.Tests.Configuration;

public sealed class TlsSettingsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestCertificates _certificates = new(TimeProvider.System);

    public TlsSettingsTests()
    {
        File.WriteAllText(Certificate, _certificates.ServerPem);
        File.WriteAllText(Key, _certificates.ServerKeyPem);
        File.WriteAllText(Authority, _certificates.AuthorityPem);
    }

    private string Certificate => _directory.File("cert.pem");

    private string Key => _directory.File("key.pem");

    private string Authority => _directory.File("ca.pem");

    public void Dispose()
    {
        _certificates.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Load_AllKeysOfTlsWithFiles_ReachTheirOption()
    {
        var server = Given.File($$"""
            version: 0.1
            http:
              http2: {disabled: false}
              tls:
                certificate: {{Certificate}}
                key: {{Key}}
                minimumtls: tls1.3
                ciphersuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]
                clientcas: [{{Authority}}]
              plain: {addr: :80, acmewebroot: /srv/webroot, redirect: true}
            """).Server;

        Assert.Equal((Certificate, Key, SslProtocols.Tls13, true), (server.Tls!.CertificateFile, server.Tls.KeyFile, server.Tls.Versions, server.Tls.OffersHttp2));
        Assert.Equal([TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256], server.Tls.CipherSuites);
        Assert.Equal([Authority], server.Tls.ClientAuthorityFiles);
        Assert.Equal(ClientCertificateDemand.RequireAndVerify, server.Tls.ClientCertificates);
        Assert.Equal((":80", "/srv/webroot", true), (server.Plain!.Address, server.Plain.AcmeWebRoot, server.Plain.Redirects));
    }

    [Fact]
    public void Load_CipherSuitesOfOlderVersionsOnly_LeaveVersion13AsItIs()
    {
        var tls = Given.File(Tls(", ciphersuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]")).Server.Tls!;

        Assert.Contains(TlsCipherSuite.TLS_AES_256_GCM_SHA384, tls.CipherSuites);
        Assert.False(tls.OffersHttp2);
    }

    [Fact]
    public void Load_LetsEncrypt_ReachesItsOptions()
    {
        var acme = Given.File("""
            version: 0.1
            http:
              tls: {letsencrypt: {cachefile: /srv/acme, email: me@example.com, hosts: [Registry.example.com], directoryurl: https://acme.example.com/dir}}
              plain: {addr: :80}
            """).Server.Tls!.Acme!;

        Assert.Equal(("/srv/acme", "me@example.com", "https://acme.example.com/dir"), (acme.CacheFile, acme.Email, acme.Directory.ToString()));
        Assert.Equal(["registry.example.com"], acme.Hosts);
        Assert.Equal("acme-v02.api.letsencrypt.org", AcmeOptions.LetsEncrypt.Host);
    }

    [Theory]
    [InlineData("tls1.0")]
    [InlineData("tls1.1")]
    public void Load_VersionThatIsNotSafe_IsWarnedOf(string version) =>
        Assert.Contains("tls1.2 is in force", Assert.Single(Given.WarningsOf(Tls($", minimumtls: {version}"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("{tls: {certificate: /none/c.pem, key: /none/k.pem}}", "config.yml:2:14: http.tls: there is no file '/none/c.pem'")]
    [InlineData("{tls: {certificate: /c.pem}}", "config.yml:2:14: http.tls.certificate stands without key; expected both")]
    [InlineData("{tls: {minimumtls: tls1.2}}", "config.yml:2:8: http.tls has no certificate; expected certificate and key, or letsencrypt")]
    [InlineData("{tls: {certificate: /c, letsencrypt: {cachefile: /a, hosts: [a.example]}}}", "config.yml:2:31: http.tls.letsencrypt stands beside certificate at config.yml:2:14; expected one of them")]
    [InlineData("{tls: {letsencrypt: {cachefile: /a, hosts: [a.example]}}}", "config.yml:2:27: http.tls.letsencrypt stands without http.plain: the authority is answered over plain HTTP here, and not within TLS as by distribution; expected http.plain with addr: :80, which the authority must reach")]
    [InlineData("{plain: {addr: ':80'}, tls: {letsencrypt: {cachefile: /a}}}", "config.yml:2:49: http.tls.letsencrypt has no hosts; expected the names that clients use, such as [registry.example.com]")]
    [InlineData("{plain: {addr: ':80'}, tls: {letsencrypt: {cachefile: /a, hosts: ['a:443']}}}", "config.yml:2:72: http.tls.letsencrypt.hosts: 'a:443' is not a DNS name; expected one such as registry.example.com, without a port")]
    [InlineData("{plain: {addr: ':80'}, tls: {letsencrypt: {hosts: [a.example]}}}", "config.yml:2:49: http.tls.letsencrypt has no cachefile; expected the path of a file, such as /var/lib/registry/acme")]
    [InlineData("{tls: {certificate: /c, key: /k}, plain: {addr: ':5000'}}", "config.yml:2:49: http.plain.addr is the address of http.addr as it is by default; expected two addresses")]
    [InlineData("{addr: ':80', tls: {certificate: /c, key: /k}, plain: {addr: ':80'}}", "config.yml:2:62: http.plain.addr is the address of http.addr at config.yml:2:8; expected two addresses")]
    [InlineData("{plain: {addr: ':80'}}", "config.yml:2:8: http.plain stands without http.tls; expected both, since http.addr is plain HTTP already without tls")]
    public void Load_WhatContradictsItselfOrIsMissing_IsRefusedWithItsPlace(string http, string expected) =>
        Assert.Contains(expected, Given.ErrorsOf($"version: 0.1\nhttp: {http}"));

    [Fact]
    public void Load_FilesThatDoNotBelongTogether_AreRefused()
    {
        using var other = new TestCertificates(TimeProvider.System);
        File.WriteAllText(Key, other.ServerKeyPem);

        Assert.Equal(
            [$"config.yml:2:14: http.tls: '{Certificate}' and '{Key}' are no PEM certificate and unencrypted private key that belong together"], Given.ErrorsOf(Tls("")));
    }

    [Theory]
    [InlineData("ciphersuites: [TLS_WHATEVER]", "'TLS_WHATEVER' is not a cipher suite")]
    [InlineData("ciphersuites: ['4865']", "'4865' is not a cipher suite")]
    [InlineData("clientcas: [/none/ca.pem]", "there is no file '/none/ca.pem'")]
    [InlineData("clientauth: require-and-verify-client-cert", "expected clientcas beside it")]
    public void Load_ValueThatCannotBe_IsRefused(string line, string expected) =>
        Assert.Contains(expected, Assert.Single(Given.ErrorsOf(Tls($", {line}"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("*", true)]
    [InlineData("https://ui.example.com:8443", true)]
    [InlineData("https://ui.example.com/", false)]
    [InlineData("ui.example.com", false)]
    public void Load_CorsOrigin_IsSchemeAndHost(string origin, bool right)
    {
        var text = $"version: 0.1\nhttp: {{cors: {{origins: ['{origin}']}}}}";
        if (right)
        {
            Assert.Equal([origin], Given.File(text).Server.CorsOrigins);
        }
        else
        {
            Assert.Single(Given.ErrorsOf(text));
        }
    }

    [Fact]
    public void Load_PlainListenerThatServesAMirrorToAnybody_TakesNoPushes()
    {
        var loopback = $"version: 0.1\nmirror: {{default: docker.io}}\nhttp: {{addr: '127.0.0.1:5000', tls: {{certificate: {Certificate}, key: {Key}}}, plain: {{addr: ':80', redirect: REDIRECT}}}}";

        Assert.Null(Given.File(loopback.Replace("REDIRECT", "true", StringComparison.Ordinal)).Writes.PushRefusal);
        Assert.NotNull(Given.File(loopback.Replace("REDIRECT", "false", StringComparison.Ordinal)).Writes.PushRefusal);
    }

    private string Tls(string more) => $"version: 0.1\nhttp: {{tls: {{certificate: {Certificate}, key: {Key}{more}}}}}";
}
