namespace Registry.Aot.Tests.Configuration;

public sealed class StandingTests
{
    [Theory]
    [InlineData("http: {tls: {certificate: , key: ''}}")]
    [InlineData("http: {http2: {disabled: false}}")]
    [InlineData("http: {trustedproxies: [], limits: {requestspersecond: 0}}")]
    [InlineData("http: {http2: {disabled: true}, h2c: {enabled: false}, secret: }")]
    [InlineData("auth: ")]
    [InlineData("storage: {delete: {enabled: false}, maintenance: {readonly: {enabled: false}, uploadpurging: {enabled: false, age: 168h}}}")]
    [InlineData("storage: {cache: {blobdescriptor: inmemory}}")]
    [InlineData("validation: {disabled: true}")]
    [InlineData("mirror: {cache: {maxsize: 0, minfree: 0%}}")]
    [InlineData("proxy: {remoteurl: 'https://ghcr.io', ttl: 0}")]
    [InlineData("health: {storagedriver: {enabled: false, interval: 10s, threshold: 3}}")]
    public void Load_WhatSwitchesNothingOn_IsSilent(string line) => Assert.Empty(Given.WarningsOf($"version: 0.1\n{line}"));

    [Fact]
    public void Load_ManifestsLargerThanAreKept_SaysWhatIsInForce()
    {
        Assert.Empty(Given.WarningsOf("version: 0.1\nhttp: {limits: {manifest: 4MiB}}"));
        Assert.Equal(
            ["config.yml:2:27: http.limits.manifest: larger manifests than 4MiB are not kept; that is in force"],
            Given.WarningsOf("version: 0.1\nhttp: {limits: {manifest: 5MiB}}"));
    }

    [Theory]
    [InlineData("storage: {maintenance: {scrub: {period: 30d}}}", "config.yml:2:25: storage.maintenance.scrub")]
    [InlineData("http: {debug: {addr: 127.0.0.1:5001}}", "config.yml:2:8: http.debug")]
    [InlineData("health: {storagedriver: {enabled: true}}", "config.yml:2:10: health.storagedriver")]
    [InlineData("mirror: {cache: {maxsize: 20GB}}", "config.yml:2:18: mirror.cache.maxsize")]
    [InlineData("proxy: {remoteurl: 'https://ghcr.io', ttl: 168h}", "config.yml:2:39: proxy.ttl")]
    public void Load_WhatDoesNotActYet_GivesOneWarning(string line, string expected) =>
        Assert.Equal([$"{expected} is accepted but not acted on yet"], Given.WarningsOf($"version: 0.1\n{line}"));

    [Theory]
    [InlineData("redis: {addr: 'localhost:6379', pool: {maxidle: 16}}", "config.yml:2:1: redis")]
    [InlineData("notifications: {endpoints: [{name: a, url: 'http://h'}]}", "config.yml:2:1: notifications")]
    [InlineData("middleware: {registry: [{name: a}]}", "config.yml:2:1: middleware")]
    [InlineData("http: {h2c: {enabled: true}}", "config.yml:2:8: http.h2c")]
    [InlineData("health: {tcp: [{addr: 'redis:6379'}]}", "config.yml:2:10: health.tcp")]
    [InlineData("log: {hooks: [{type: mail}]}", "config.yml:2:7: log.hooks")]
    [InlineData("storage: {redirect: {disable: true}}", "config.yml:2:11: storage.redirect")]
    [InlineData("catalog: {maxentries: 1000}", "config.yml:2:1: catalog")]
    [InlineData("validation: {manifests: {urls: {allow: [a]}}}", "config.yml:2:26: validation.manifests.urls")]
    public void Load_KeyOfDistributionThatIsNotActedOn_GivesOneWarning(string line, string expected) =>
        Assert.Equal([$"{expected} is a key of distribution that is not acted on"], Given.WarningsOf($"version: 0.1\n{line}"));
}
