namespace Registry.Aot.Tests.Configuration;

public sealed class EffectiveConfigurationTests
{
    private const string Secret = "s3cr3t";

    [Theory]
    [InlineData("", "version: 0.1  # config.yml:1:10\n")]
    [InlineData("", "log:\n  level: info  # default\n  formatter: text  # default\n  accesslog:\n    disabled: false  # default\n")]
    [InlineData("", "  filesystem:\n    rootdirectory: /var/lib/registry  # default\n  delete:\n    enabled: false  # default\n")]
    [InlineData("", "      enabled: true  # default\n      age: 7d  # default\n      interval: 1d  # default\n      dryrun: false  # default\n")]
    [InlineData("", "http:\n  addr: :5000  # default\n  net: tcp  # default\n  prefix: /  # default\n  draintimeout: 30s  # default\n")]
    [InlineData("", "    connections: 10000  # default\n    requestheader: 64KiB  # default\n    manifest: 4MiB  # default\n    requestspersecond: 0  # default\n")]
    [InlineData("http: {timeout: {write: 299s}}", "  timeout:\n    read: 5m  # default\n    write: 299s  # config.yml:2:25\n    idle: 5m  # default\n")]
    [InlineData("validation: {manifests: }", "validation:\n  disabled: false  # default\n  manifests:\n    indexes:\n      platforms: all  # default\n")]
    [InlineData("validation: {enabled: false}", "validation:\n  enabled: false  # config.yml:2:23\n  manifests:\n")]
    [InlineData("auth: {htpasswd: {path: /p}}", "auth:\n  htpasswd:\n    realm: registry  # default\n    path: /p  # config.yml:2:25\n")]
    [InlineData("mirror: {upstreams: [{name: GHCR.io, bandwidth: 1MB}]}", "      bandwidth: 1MB  # config.yml:2:49\n      stalefor: 7d  # default\n  fetch:\n    connections: 8  # default\n")]
    [InlineData("mirror: {upstreams: [{name: GHCR.io}]}", "mirror:\n  upstreams:\n    - name: GHCR.io  # config.yml:2:29\n      endpoints:\n        - https://ghcr.io  # default\n      freshness: 1m  # default\n")]
    [InlineData("mirror: {default: docker.io, upstreams: [{name: quay.io}]}", "    - name: docker.io  # default\n      endpoints:\n        - https://registry-1.docker.io  # default\n")]
    [InlineData("proxy: {remoteurl: 'https://ghcr.io'}", "  remoteurl: 'https://ghcr.io'  # config.yml:2:20\n")]
    [InlineData("proxy: {remoteurl: 'https://ghcr.io'}", "mirror:\n  fetch:\n    connections: 8  # default\n")]
    public void Show_File_PrintsWhatIsInForceAndWhereItCameFrom(string line, string expected) =>
        Assert.Contains(expected, Shown.Of(Given.File($"version: 0.1\n{line}")), StringComparison.Ordinal);

    [Fact]
    public void Show_NoFile_PrintsTheMirrorOfDockerHubForThisMachine()
    {
        var shown = Shown.Of(Given.NoFile(("REGISTRY_MIRROR_FETCH_TOTAL", "65")));

        Assert.StartsWith("version: 0.1  # default\n", shown, StringComparison.Ordinal);
        Assert.Contains("    rootdirectory: ./data  # default\n", shown, StringComparison.Ordinal);
        Assert.Contains("  addr: 127.0.0.1:5000  # default\n", shown, StringComparison.Ordinal);
        Assert.Contains(
            "mirror:\n  default: docker.io  # default\n  upstreams:\n    - name: docker.io  # default\n      endpoints:\n        - https://registry-1.docker.io  # default\n",
            shown,
            StringComparison.Ordinal);
        Assert.Contains("    total: 65  # REGISTRY_MIRROR_FETCH_TOTAL\n", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "tls plain http2 hsts cors headers trustedproxies secret host auth access proxy mirror fields cache health")]
    [InlineData("proxy: {remoteurl: 'https://ghcr.io'}", "upstreams default local username")]
    [InlineData("mirror: {upstreams: [{name: ghcr.io}]}", "proxy default realms ca username")]
    public void Show_WhatIsOff_IsNotThere(string line, string keys)
    {
        var shown = Shown.Of(Given.File($"version: 0.1\n{line}")).Split('\n').Select(static text => text.TrimStart(' ', '-').Split(':')[0]);

        Assert.Empty(keys.Split(' ').Intersect(shown));
    }

    [Fact]
    public void Show_Secrets_AreHidden()
    {
        var key = Path.GetTempFileName();
        try
        {
            File.WriteAllText(key, $"{Secret}abcdefghij0123456789");
            var shown = Shown.Of(Given.File(
                $$$"""
                version: 0.1
                http: {secret: {{{Secret}}}}
                auth: {htpasswd: {path: /p}}
                mirror:
                  upstreams:
                    - {name: ghcr.io, username: me, password: {{{Secret}}}, endpoints: [https://ghcr.io, {url: https://second.example.com, username: you, password: {{{Secret}}}}]}
                    - {name: quay.io, username: me, passwordfile: {{{key}}}}
                access: {mirrorkeys: [{name: laptop, keyfile: {{{key}}}}]}
                notifications: {endpoints: [{headers: {Authorization: [{{{Secret}}}]}}]}
                """,
                ("REGISTRY_REDIS_PASSWORD", Secret)));

            Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
            Assert.Equal(5, shown.Split("<hidden>").Length - 1);
            Assert.Contains($"keyfile: {key}  # config.yml:", shown, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(key);
        }
    }
}
