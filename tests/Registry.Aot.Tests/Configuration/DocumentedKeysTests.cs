using Registry.Aot.Configuration.Schema;
using Registry.Server.Logging;
using Registry.Storage.Manifests;

namespace Registry.Aot.Tests.Configuration;

/// <summary>Every key of the reference, with the values that stand there.</summary>
public sealed class DocumentedKeysTests
{
    internal const string Acting = """
        version: 0.1
        log:
          level: info
          formatter: logstash
          fields: {service: registry}
          accesslog: {disabled: false}
        storage:
          filesystem: {rootdirectory: /srv/registry}
          cache: {blobdescriptor: inmemory}
        http:
          addr: :5001
          net: tcp
          prefix: /
          host: https://registry.example.com
          relativeurls: false
          draintimeout: 31s
          headers: {X-Content-Type-Options: [nosniff]}
          timeout: {read: 301s, write: 302s, idle: 303s}
          http2: {disabled: true}
          limits: {connections: 10001, requestheader: 65KiB, requestspersecond: 11}
          trustedproxies: [127.0.0.1/32, 10.1.2.3/8]
          hsts: {maxage: 63072000}
          cors: {origins: ['*', https://ui.example.com]}
        mirror:
          default: docker.io
          upstreams:
            - name: docker.io
              endpoints: [https://registry-1.docker.io]
              username: me
              password: token
              freshness: 61s
              ttl: 169h
              proxy: socks5://127.0.0.1:1080
              bandwidth: 0
              realms: [Auth.example.com]
              stalefor: 8d
            - name: ghcr.io
          local: ["team/**", "*.private/**"]
          fetch: {connections: 9, perupstream: 25, total: 65, minsegment: 5MiB, stalltimeout: 21s, retryfor: 11m,
                  finish: false, partialttl: 25h}
          cache: {maxsize: 0}
        validation:
          disabled: false
          manifests: {indexes: {platforms: list, platformlist: [{os: linux, architecture: arm64}]}}
        """;

    internal const string ActingLater = """
        version: 0.1
        storage:
          delete: {enabled: true}
          maintenance:
            uploadpurging: {enabled: true, age: 168h, interval: 24h, dryrun: false}
            sweep: {enabled: true, interval: 24h, grace: 1h}
            scrub: {enabled: true, period: 30d, rate: 8MiB}
            readonly: {enabled: true}
        http:
          debug: {addr: 127.0.0.1:5001, prometheus: {enabled: true, path: /metrics}}
          limits: {manifest: 4MiB}
        health:
          storagedriver: {enabled: true, interval: 10s, threshold: 3}
        mirror:
          cache: {maxsize: 20GB, minfree: 5%}
        """;

    [Fact]
    public void Load_KeysThatAct_AllReachTheirOption()
    {
        var settings = Given.File(Acting);

        Assert.Equal(LogForm.Logstash, settings.Log.Form);
        Assert.Equal("/srv/registry", settings.Storage.RootDirectory);
        Assert.True(settings.Server.AccessLog);
        Assert.Equal(":5001", settings.Server.Address);
        Assert.Equal("/", settings.Server.Prefix);
        Assert.Equal("https://registry.example.com/", settings.Server.Host?.ToString());
        Assert.Equal([31, 301, 302, 303], new[] { settings.Server.DrainTimeout, settings.Server.ReadTimeout, settings.Server.WriteTimeout, settings.Server.IdleTimeout }.Select(time => time.TotalSeconds));
        Assert.Equal((10_001, 65 << 10), (settings.Server.MaxConnections, settings.Server.MaxRequestHeaderBytes));
        Assert.False(settings.Writes.Validation.IsDisabled);
        Assert.Equal([new Platform("linux", "arm64")], settings.Writes.Validation.IndexPlatforms!.Value);
        Assert.Equal((11, TimeSpan.FromDays(730)), (settings.Server.RequestsPerSecond, settings.Server.HstsMaxAge));
        Assert.Equal(["*", "https://ui.example.com"], settings.Server.CorsOrigins);
        Assert.Equal(["127.0.0.1/32", "10.0.0.0/8"], settings.Server.TrustedProxies.Select(network => network.ToString()));
        Assert.Equal(["team/**", "*.private/**"], settings.Mirror.Local);

        var hub = settings.Mirror.Upstreams[0];
        Assert.Equal([61, 169 * 3600, 8 * 86_400], new[] { hub.Freshness, hub.Ttl, hub.StaleFor }.Select(time => time.TotalSeconds));
        Assert.Equal("socks5://127.0.0.1:1080/", hub.Proxy?.ToString());
        Assert.Equal(["auth.example.com"], hub.Realms);
        Assert.Equal("me", hub.Endpoints[0].Credential?.Username);

        var fetch = settings.Mirror.Fetch;
        Assert.Equal((9, 25, 65, 5L << 20, false), (fetch.Connections, fetch.PerUpstream, fetch.Total, fetch.MinSegment, fetch.Finish));
        Assert.Equal([21, 660, 90_000], new[] { fetch.StallTimeout, fetch.RetryFor, fetch.PartialTtl }.Select(time => time.TotalSeconds));
        Assert.Equal(["config.yml:32:7: mirror.upstreams.ttl is accepted but not acted on yet"], settings.Warnings.Select(warning => warning.ToString()));
    }

    [Fact]
    public void Load_KeysThatActLater_AreAcceptedWithAWarningEach()
    {
        var warnings = Given.WarningsOf(ActingLater);

        Assert.Equal(6, warnings.Count);
        Assert.All(warnings, warning => Assert.EndsWith(" is accepted but not acted on yet", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http: {tls: {minimumtls: ssl3}}", "http.tls.minimumtls: 'ssl3'")]
    [InlineData("http: {trustedproxies: [everyone]}", "http.trustedproxies: 'everyone'")]
    [InlineData("access: {rules: [{actions: [eat]}]}", "access.rules.actions: 'eat'")]
    [InlineData("access: {rule: []}", "unknown key 'rule'")]
    public void Load_WrongValue_IsToldWithItsKey(string line, string expected) =>
        Assert.Contains(Given.ErrorsOf($"version: 0.1\n{line}"), error => error.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Schema_EveryKey_CanBeReachedByAVariable() => AssertReachable(RootSchema.Section);

    private static void AssertReachable(SectionShape section)
    {
        Assert.Equal(section.Keys.Length, section.Keys.Select(key => key.Variable).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(section.Keys, key =>
        {
            Assert.DoesNotContain('_', key.Variable);
            var inner = key.Shape is ListShape list ? list.Items : key.Shape;
            if (inner is SectionShape below)
            {
                AssertReachable(below);
            }
        });
    }
}
