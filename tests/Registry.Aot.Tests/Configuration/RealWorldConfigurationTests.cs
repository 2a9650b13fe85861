using Registry.Mirror.Upstreams;

namespace Registry.Aot.Tests.Configuration;

/// <summary>Configurations as people have them for distribution.</summary>
public sealed class RealWorldConfigurationTests
{
    internal const string ImageDefault = """
        version: 0.1
        log:
          fields:
            service: registry
        storage:
          cache:
            blobdescriptor: inmemory
          filesystem:
            rootdirectory: /var/lib/registry
        http:
          addr: :5000
          headers:
            X-Content-Type-Options: [nosniff]
        health:
          storagedriver:
            enabled: true
            interval: 10s
            threshold: 3
        """;

    internal const string Proxy = """
        version: 0.1
        log: {level: debug, formatter: json, accesslog: {disabled: true}}
        storage:
          filesystem: {rootdirectory: /srv/hub, maxthreads: 100}
          delete: {enabled: true}
          maintenance:
            uploadpurging: {enabled: true, age: 168h, interval: 24h, dryrun: false}
        http:
          addr: 0.0.0.0:5000
          secret: d1c9
          http2: {disabled: false}
        proxy:
          remoteurl: https://registry-1.docker.io
          username: me
          password: token
          ttl: 168h
        """;

    [Fact]
    public void Load_DefaultOfTheRegistryImage_IsAPrivateRegistry()
    {
        var settings = Given.File(ImageDefault);

        Assert.Equal("/var/lib/registry", settings.Storage.RootDirectory);
        Assert.Equal(":5000", settings.Server.Address);
        Assert.Equal([KeyValuePair.Create("X-Content-Type-Options", "nosniff")], settings.Server.Headers);
        Assert.Equal([KeyValuePair.Create("service", "registry")], settings.Log.Fields);
        Assert.Empty(settings.Mirror.Upstreams);
        Assert.Equal(["config.yml:15:3: health.storagedriver is accepted but not acted on yet"], settings.Warnings.Select(warning => warning.ToString()));
    }

    [Fact]
    public void Load_ImageDefaultWithProxyByVariables_IsAMirror()
    {
        var mirror = Given.File(
            ImageDefault,
            ("REGISTRY_PROXY_REMOTEURL", "https://registry-1.docker.io"),
            ("REGISTRY_PROXY_USERNAME", "me"),
            ("REGISTRY_PROXY_PASSWORD", "12345")).Mirror;

        Assert.Equal("docker.io", mirror.Default);
        Assert.Equal(new UpstreamCredential("me", "12345"), mirror.Upstreams[0].Endpoints[0].Credential);
    }

    [Fact]
    public void Load_ProxyFile_IsAMirror()
    {
        var settings = Given.File(Proxy);

        Assert.Equal("docker.io", settings.Mirror.Default);
        Assert.Equal(TimeSpan.FromDays(7), settings.Mirror.Upstreams[0].Ttl);
        Assert.False(settings.Server.AccessLog);
        Assert.True(settings.Writes.AllowsDelete);
        Assert.NotNull(settings.Writes.PushRefusal);
        Assert.Equal(
            ["4:41 storage.filesystem.maxthreads", "16:3 proxy.ttl"],
            settings.Warnings.Select(warning => $"{warning.Origin.Line}:{warning.Origin.Column} {warning.Message[..warning.Message.IndexOf(' ', StringComparison.Ordinal)]}"));
    }

    [Fact]
    public void Load_NothingAtAll_IsAMirrorOfDockerHubForThisMachine()
    {
        var settings = Given.NoFile();

        Assert.Null(settings.File);
        Assert.Equal("127.0.0.1:5000", settings.Server.Address);
        Assert.Equal("./data", settings.Storage.RootDirectory);
        Assert.Equal("docker.io", settings.Mirror.Default);
        Assert.Equal("https://registry-1.docker.io/", Assert.Single(settings.Mirror.Upstreams).Endpoints[0].Url.ToString());
        Assert.Empty(settings.Warnings);
    }

    [Fact]
    public void Load_VariablesOfAComposeFileOnly_ChangeTheDefaults()
    {
        var settings = Given.NoFile(
            ("REGISTRY_HTTP_ADDR", "0.0.0.0:5000"),
            ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/data"),
            ("REGISTRY_LOG_LEVEL", "warn"),
            ("REGISTRY_PROXY_REMOTEURL", "https://ghcr.io"),
            ("REGISTRY_PROXY_USERNAME", ""),
            ("REGISTRY_PROXY_PASSWORD", ""));

        Assert.Equal("0.0.0.0:5000", settings.Server.Address);
        Assert.Equal("/data", settings.Storage.RootDirectory);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Warning, settings.Log.Level);
        Assert.Equal("ghcr.io", Assert.Single(settings.Mirror.Upstreams).Name);
        Assert.Null(settings.Mirror.Upstreams[0].Endpoints[0].Credential);
    }

    [Fact]
    public void Load_ServiceLinksOfKubernetes_AreWarnedOfOnly()
    {
        var warnings = Given.WarningsOf(
            ImageDefault,
            ("REGISTRY_PORT", "tcp://10.96.0.10:5000"),
            ("REGISTRY_PORT_5000_TCP", "tcp://10.96.0.10:5000"),
            ("REGISTRY_PORT_5000_TCP_PROTO", "tcp"),
            ("REGISTRY_SERVICE_HOST", "10.96.0.10"),
            ("REGISTRY_SERVICE_PORT", "5000"));

        Assert.Equal(5, warnings.Count(warning => warning.EndsWith("no key of the configuration has this variable; ignored", StringComparison.Ordinal)));
    }
}
