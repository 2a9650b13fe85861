using Registry.Mirror.Upstreams;

namespace Registry.Aot.Tests.Configuration;

public sealed class MirrorSettingsTests
{
    private const string DockerHub = "docker.io";

    [Fact]
    public void Load_FileWithoutProxyOrMirror_IsAPrivateRegistry()
    {
        var settings = Given.File("version: 0.1");

        Assert.Null(settings.Mirror.Default);
        Assert.Empty(settings.Mirror.Upstreams);
        Assert.Equal(":5000", settings.Server.Address);
        Assert.Equal("/var/lib/registry", settings.Storage.RootDirectory);
    }

    [Theory]
    [InlineData("https://registry-1.docker.io", DockerHub, "https://registry-1.docker.io/")]
    [InlineData("https://index.docker.io", DockerHub, "https://registry-1.docker.io/")]
    [InlineData("https://docker.io", DockerHub, "https://registry-1.docker.io/")]
    [InlineData("https://ghcr.io", "ghcr.io", "https://ghcr.io/")]
    [InlineData("http://REG.example.com:5000", "reg.example.com:5000", "http://reg.example.com:5000/")]
    [InlineData("https://reg.example.com:443/sub", "reg.example.com", "https://reg.example.com/sub")]
    public void Load_Proxy_IsTheDefaultUpstream(string url, string name, string endpoint)
    {
        var mirror = Given.File($"version: 0.1\nproxy: {{remoteurl: '{url}'}}").Mirror;

        Assert.Equal(name, mirror.Default);
        var upstream = Assert.Single(mirror.Upstreams);
        Assert.Equal(name, upstream.Name);
        Assert.Equal(endpoint, Assert.Single(upstream.Endpoints).Url.ToString());
    }

    [Theory]
    [InlineData("mirror: {}", DockerHub, DockerHub)]
    [InlineData("mirror: {local: [a]}", DockerHub, DockerHub)]
    [InlineData("mirror: {upstreams: [{name: ghcr.io}]}", null, "ghcr.io")]
    [InlineData("mirror: {upstreams: [{name: GHCR.io}, {name: Docker.io}]}", DockerHub, "ghcr.io docker.io")]
    [InlineData("mirror: {default: ghcr.io, upstreams: [{name: ghcr.io}]}", "ghcr.io", "ghcr.io")]
    [InlineData("mirror: {default: docker.io, upstreams: [{name: ghcr.io}]}", DockerHub, "ghcr.io docker.io")]
    [InlineData("{proxy: {remoteurl: 'https://quay.io'}, mirror: {upstreams: [{name: ghcr.io}]}}", "quay.io", "quay.io ghcr.io")]
    [InlineData("{proxy: {remoteurl: 'https://quay.io'}, mirror: {local: [a]}}", "quay.io", "quay.io")]
    public void Load_Mirror_ChoosesTheDefault(string text, string? @default, string names)
    {
        var mirror = Given.File(text[0] == '{' ? "{version: 0.1, " + text[1..] : $"version: 0.1\n{text}").Mirror;

        Assert.Equal(@default, mirror.Default);
        Assert.Equal(names, string.Join(' ', mirror.Upstreams.Select(upstream => upstream.Name)));
    }

    [Fact]
    public void Load_UpstreamWithoutEndpoints_IsAskedByItsName()
    {
        var mirror = Given.File("version: 0.1\nmirror: {upstreams: [{name: docker.io}, {name: 'reg.example.com:5000'}]}").Mirror;

        Assert.Equal(["https://registry-1.docker.io/", "https://reg.example.com:5000/"], mirror.Upstreams.Select(upstream => upstream.Endpoints[0].Url.ToString()));
    }

    [Fact]
    public void Load_CredentialOfTheUpstream_BelongsToTheFirstEndpointOnly()
    {
        var endpoints = Given.File("""
            version: 0.1
            mirror:
              upstreams:
                - name: ghcr.io
                  username: me
                  password: secret
                  endpoints: [https://ghcr.io, https://second.example.com, {url: https://third.example.com, username: you, password: other}]
            """).Mirror.Upstreams[0].Endpoints;

        Assert.Equal([new UpstreamCredential("me", "secret"), null, new UpstreamCredential("you", "other")], endpoints.Select(endpoint => endpoint.Credential));
    }

    [Theory]
    [InlineData("mirror: {default: docker.io}\nproxy: {remoteurl: 'https://ghcr.io'}", "config.yml:2:10: mirror.default stands beside proxy at config.yml:3:1, which says the same; expected one of them")]
    [InlineData("proxy: {remoteurl: 'https://ghcr.io'}\nmirror: {upstreams: [{name: ghcr.io}]}", "config.yml:3:29: mirror.upstreams has 'ghcr.io', and so has proxy at config.yml:2:1; expected one of them")]
    [InlineData("mirror: {upstreams: [{name: ghcr.io}, {name: GHCR.IO}]}", "config.yml:2:46: mirror.upstreams: 'ghcr.io' stands here a second time; the first is at config.yml:2:29")]
    [InlineData("mirror: {default: ghrc.io, upstreams: [{name: ghcr.io}]}", "config.yml:2:19: mirror.default: 'ghrc.io' is not among mirror.upstreams; expected the name of one of them; the nearest known one is 'ghcr.io'")]
    [InlineData("mirror: {upstreams: [{freshness: 5s}]}", "config.yml:2:22: mirror.upstreams: an upstream has no name; expected a host such as docker.io")]
    [InlineData("mirror: {upstreams: [{name: 'https://me:secret@ghcr.io'}]}", "config.yml:2:29: mirror.upstreams.name: this is not a host; expected a host such as docker.io or reg.example.com:5000")]
    [InlineData("mirror: {upstreams: [ghcr.io]}", "config.yml:2:22: mirror.upstreams: this is a single value; expected a section")]
    [InlineData("mirror: {upstreams: [{name: 'https://ghcr.io'}]}", "config.yml:2:29: mirror.upstreams.name: 'https://ghcr.io' is not a host; expected a host such as docker.io or reg.example.com:5000")]
    [InlineData("mirror: {upstreams: [{name: ghcr.io, endpoints: [{username: a, password: b}]}]}", "config.yml:2:50: mirror.upstreams.endpoints: an endpoint has no url; expected a URL such as https://host")]
    [InlineData("mirror: {upstreams: [{name: ghcr.io, endpoints: ['ftp://h']}]}", "config.yml:2:50: mirror.upstreams.endpoints.url: the URL's scheme is not one of https, http; expected a URL such as https://host")]
    [InlineData("mirror: {upstreams: [{name: ghcr.io, ca: /no/such.pem}]}", "config.yml:2:42: ca: there is no file '/no/such.pem'; expected a PEM file of authorities")]
    [InlineData("proxy: {remoteurl: 'https://me:secret@ghcr.io'}", "config.yml:2:20: proxy.remoteurl: the URL holds a user or a password; expected a URL such as https://host, and the keys username and password beside it")]
    [InlineData("mirror: {upstreams: [{name: ghcr.io, proxy: 'socks5://me:secret@h'}]}", "config.yml:2:45: mirror.upstreams.proxy: the URL holds a user or a password; expected a URL such as socks5://host")]
    [InlineData("proxy: {username: a, password: b}", "config.yml:2:1: proxy.remoteurl is missing; expected a URL such as https://registry-1.docker.io")]
    [InlineData("proxy: {remoteurl: 'https://ghcr.io', username: a}", "config.yml:2:39: username stands without a password; expected both or neither")]
    [InlineData("proxy: {remoteurl: 'https://ghcr.io', password: secret}", "config.yml:2:39: password stands without username; expected both or neither")]
    [InlineData("mirror: {upstreams: [{name: ghcr.io, username: a, password: secret, passwordfile: /p}]}", "config.yml:2:69: passwordfile stands beside password at config.yml:2:51; expected one of them")]
    [InlineData("mirror: {upstreams: [{name: ghcr.io, username: a, passwordfile: /no/such}]}", "config.yml:2:65: passwordfile: '/no/such': the file cannot be read: there is none of that name")]
    [InlineData("mirror: {upstreams: [{name: ghcr.io, username: a, password: secret, endpoints: [{url: 'https://h', username: b, password: secret}]}]}", "config.yml:2:100: the first endpoint has a username, and so has its upstream at config.yml:2:38; expected one of them")]
    public void Load_WhatContradictsItself_NamesBothPlacesAndNoSecret(string text, string expected)
    {
        var errors = Given.ErrorsOf($"version: 0.1\n{text}");

        Assert.Equal([expected], errors);
        Assert.DoesNotContain("secret", string.Concat(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EmptyCredential_CountsAsNone() =>
        Assert.Null(Given.File("version: 0.1\nproxy: {remoteurl: 'https://ghcr.io', username: '', password: ''}").Mirror.Upstreams[0].Endpoints[0].Credential);

    [Fact]
    public async Task Load_PasswordFile_IsReadWithoutItsNewline()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "se cret\r\n", TestContext.Current.CancellationToken);

            var mirror = Given.File($"version: 0.1\nmirror: {{upstreams: [{{name: ghcr.io, username: me, passwordfile: '{path}'}}]}}").Mirror;

            Assert.Equal(new UpstreamCredential("me", "se cret"), mirror.Upstreams[0].Endpoints[0].Credential);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
