using CsCheck;
using Registry.Aot.Configuration;
using Registry.Testing;
using Registry.Testing.Serving;

namespace Registry.Aot.Tests.Configuration;

/// <summary>What is shown, saved as a file, is a right configuration that means the same.</summary>
public sealed class ShownConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Files =>
    [
        "version: 0.1",
        RealWorldConfigurationTests.ImageDefault,
        RealWorldConfigurationTests.Proxy,
        DocumentedKeysTests.Acting,
        DocumentedKeysTests.ActingLater,
        "version: 0.1\nstorage: filesystem\nhttp: \nlog: {fields: {}, accesslog: {}}\nauth: ",
        "version: 0.1\nmirror: {}",
        "version: 0.1\nmirror: {upstreams: [], local: [team/**]}",
        "version: 0.1\nmirror: {upstreams: [{name: GHCR.io, endpoints: []}]}",
        "version: 0.1\nmirror: {default: docker.io, upstreams: [{name: ghcr.io}, {name: '[::1]:5000', freshness: 0}]}",
        "version: 0.1\nmirror: {upstreams: [{name: ghcr.io, endpoints: [https://ghcr.io, {url: https://second.example.com, username: you, password: token}]}]}",
        "version: 0.1\nproxy: {remoteurl: 'https://index.docker.io/'}",
        "version: 0.1\nproxy: {remoteurl: 'https://quay.io'}\nmirror: {upstreams: [{name: ghcr.io}, {name: docker.io}], fetch: {total: 65}}",
        "version: 0.1\nproxy: {remoteurl: '', username: , ttl: 0}",
        "version: 0.1\nhttp: {net: unix, addr: /run/registry.sock, prefix: /r, tls: {certificate: , key: ''}, plain: {redirect: false}, http2: {disabled: false}}",
        "version: 0.1\nhttp: {headers: {X-A: ['a: b', \"c # 'd'\", '', '-', 'null', ~, '{e}', \"f\\tg\\\"\\\\\"], X-B: []}, trustedproxies: []}",
        "version: 0.1\nlog: {fields: {'null': \"a\\nb\", 'x: y': \"\\u2028\", '-': '- z', a: 'null', b: 'Null', c: '~', d: ~}}",
        "version: 0.1\nvalidation: {enabled: false}",
        "version: 0.1\nvalidation: {enabled: true, manifests: {indexes: {platforms: None}}}",
        "version: 0.1\nvalidation: {disabled: true}",
        "version: 0.1\nauth: {htpasswd: {path: /auth/htpasswd}}\naccess: {rules: []}",
        "version: 0.1\nauth: {htpasswd: {path: /p, realm: ''}}\naccess: {rules: [{users: ['*', anonymous], actions: [pull, Push], from: [192.0.2.7], mirrored: no}]}",
        "version: 0.1\nproxy: {remoteurl: 'https://ghcr.io'}\nauth: {htpasswd: {path: /p}}\naccess: {loginopensmirror: 1h30m}\nhttp: {cors: {origins: ['*']}, hsts: {maxage: 0}}",
        "version: 0.1\nredis: {addr: 'localhost:6379'}\nhealth: {tcp: [{addr: a}]}\nhttp: {debug: {addr: ':5001'}}",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Show_File_MeansTheSame(string text) => AssertMeansTheSame(Given.File(text));

    [Fact]
    public void Show_BuiltInDefaults_MeanTheSameInAFile() => AssertMeansTheSame(Given.NoFile());

    [Fact]
    public void Show_VariablesWithoutAFile_MeanTheSameInAFile()
    {
        AssertMeansTheSame(Given.NoFile(("REGISTRY_STORAGE", "filesystem"), ("REGISTRY_HTTP_HEADERS_X-A", "['a b']"), ("REGISTRY_LOG_FIELDS_A", "b\n\nc")));
        AssertMeansTheSame(Given.NoFile(("REGISTRY_PROXY_REMOTEURL", "https://ghcr.io"), ("REGISTRY_PROXY_USERNAME", ""), ("REGISTRY_PROXY_PASSWORD", "")));
        AssertMeansTheSame(Given.NoFile(("REGISTRY_PROXY_REMOTEURL", ""), ("REGISTRY_MIRROR_UPSTREAMS_0_NAME", "quay.io")));
    }

    [Theory]
    [InlineData("certificate: CERTIFICATE, key: KEY", "")]
    [InlineData("certificate: CERTIFICATE, key: KEY, minimumtls: tls1.1, clientcas: [AUTHORITY], ciphersuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]", "")]
    [InlineData("certificate: CERTIFICATE, key: KEY, minimumtls: tls1.3, clientauth: request-client-cert", "http2: {disabled: false}, plain: {addr: ':80', redirect: true}")]
    [InlineData("letsencrypt: {cachefile: /srv/acme, hosts: [Registry.example.com]}", "plain: {addr: ':80', acmewebroot: /srv/webroot}")]
    public void Show_Tls_MeansTheSame(string tls, string beside)
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        File.WriteAllText(_directory.File("CERTIFICATE"), certificates.ServerPem);
        File.WriteAllText(_directory.File("KEY"), certificates.ServerKeyPem);
        File.WriteAllText(_directory.File("AUTHORITY"), certificates.AuthorityPem);
        foreach (var name in (string[])["CERTIFICATE", "KEY", "AUTHORITY"])
        {
            tls = tls.Replace(name, _directory.File(name), StringComparison.Ordinal);
        }

        AssertMeansTheSame(Given.File($"version: 0.1\nhttp: {{tls: {{{tls}}}, {beside}}}"));
    }

    [Fact]
    public void Show_AnyText_MeansTheSame()
    {
        var text = HostileInputTests.Fragment.Array[0, 6].Select(string.Concat);
        text.Select(text).Sample(
            (key, value) =>
            {
                if (Load(key, value) is { } settings)
                {
                    AssertMeansTheSame(settings);
                }
            },
            iter: 5000);

        static Settings? Load(string key, string value)
        {
            try
            {
                return Given.NoFile(($"REGISTRY_LOG_FIELDS_{key}", value));
            }
            catch (ConfigurationException)
            {
                return null;
            }
        }
    }

    private static void AssertMeansTheSame(Settings settings)
    {
        var shown = Shown.WithoutOrigins(Shown.Of(settings));

        var again = Given.File(shown
            .Replace("secret: <hidden>", "secret: d1c9", StringComparison.Ordinal)
            .Replace("password: <hidden>", "password: token", StringComparison.Ordinal));

        Assert.Equal(shown, Shown.WithoutOrigins(Shown.Of(again)));
        SameSettings.AssertEqual(settings, again);
    }
}
