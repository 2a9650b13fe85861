using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Repositories;
using Registry.Testing;

namespace Registry.Mirror.Tests.Routing;

public sealed class NameRouterTests : IDisposable
{
    private const string OwnHost = "mirror.example.com";

    private static readonly string[] Configured = ["docker.io", "ghcr.io", "reg.example.com:5000"];
    private static readonly string[] Local = ["team/**", "ghcr.io/team/**"];

    private readonly TemporaryDirectory _directory = new();
    private readonly Store _store;
    private readonly List<Upstream> _upstreams = [];

    public NameRouterTests() => _store = Store.Open(new StorageOptions { RootDirectory = _directory.Path }, "docker.io", TimeProvider.System);

    [Theory]
    [InlineData("library/nginx", null, "library/nginx", "docker.io", "library/nginx")]
    [InlineData("owner/image", null, "owner/image", "docker.io", "owner/image")]
    [InlineData("nginx", null, "library/nginx", "docker.io", "library/nginx")]
    [InlineData("owner/deep/image", null, "owner/deep/image", "docker.io", "owner/deep/image")]
    [InlineData("docker.io/nginx", null, "library/nginx", "docker.io", "library/nginx")]
    [InlineData("docker.io/owner/image", null, "owner/image", "docker.io", "owner/image")]
    [InlineData("index.docker.io/nginx", null, "library/nginx", "docker.io", "library/nginx")]
    [InlineData("registry-1.docker.io/owner/image", null, "owner/image", "docker.io", "owner/image")]
    [InlineData("library/nginx", "docker.io", "library/nginx", "docker.io", "library/nginx")]
    [InlineData("library/nginx", "registry-1.docker.io", "library/nginx", "docker.io", "library/nginx")]
    [InlineData("ghcr.io/owner/image", null, "ghcr.io/owner/image", "ghcr.io", "owner/image")]
    [InlineData("GHCR.io/owner/image", null, "ghcr.io/owner/image", "ghcr.io", "owner/image")]
    [InlineData("owner/image", "ghcr.io", "ghcr.io/owner/image", "ghcr.io", "owner/image")]
    [InlineData("image", "ghcr.io", "ghcr.io/image", "ghcr.io", "image")]
    [InlineData("reg.example.com:5000/app", null, "reg.example.com_5000/app", "reg.example.com:5000", "app")]
    [InlineData("app", "reg.example.com:5000", "reg.example.com_5000/app", "reg.example.com:5000", "app")]
    [InlineData("owner/image", "", "owner/image", "docker.io", "owner/image")]
    [InlineData("owner/image", OwnHost, "owner/image", "docker.io", "owner/image")]
    [InlineData("owner/image", "MIRROR.example.com", "owner/image", "docker.io", "owner/image")]
    [InlineData("docker.io/x/y", "docker.io", "docker.io/docker.io/x/y", "docker.io", "docker.io/x/y")]
    [InlineData("ghcr.io/x/y", "docker.io", "docker.io/ghcr.io/x/y", "docker.io", "ghcr.io/x/y")]
    public void Resolve_NameOfAnUpstream_LeadsThere(string name, string? ns, string place, string upstream, string repository)
    {
        var destination = Route(name, ns).Destination!;
        Assert.Equal(place, destination.Place.Value);
        Assert.Equal(upstream, destination.Origin?.Upstream.Name);
        Assert.Equal(repository, destination.Origin?.Repository.Value);
    }

    [Theory]
    [InlineData("owner/image", "quay.io")]
    [InlineData("owner/image", "169.254.169.254")]
    [InlineData("owner/image", "http://ghcr.io")]
    [InlineData("owner/image", "ghcr.io/")]
    [InlineData("owner/image", "ghcr.io:443")]
    [InlineData("owner/image", "ghcr.io,docker.io")]
    [InlineData("owner/image", "../ghcr.io")]
    [InlineData("owner/image", "\0")]
    public void Resolve_NamespaceThatIsNotConfigured_LeadsNowhere(string name, string ns)
    {
        var result = Route(name, ns);
        Assert.Null(result.Destination);
        Assert.Equal(RouteRefusal.Unknown, result.Refusal);
        Assert.Contains("mirror.upstreams", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quay.io/owner/image")]
    [InlineData("localhost/owner/image")]
    [InlineData("10.0.0.1/image")]
    public void Resolve_HostThatIsNotConfigured_IsToldToNobody(string name) => Assert.Null(Route(name).Destination!.Origin);

    [Theory]
    [InlineData("")]
    [InlineData("Owner/image")]
    [InlineData("../image")]
    [InlineData("quay.io:443/image")]
    [InlineData("ghcr.io/")]
    [InlineData("ghcr.io/Owner")]
    [InlineData("ghcr.io/../../etc")]
    [InlineData("docker.io/a//b")]
    public void Resolve_WhatIsNoName_IsMalformed(string name)
    {
        var result = Route(name);
        Assert.Null(result.Destination);
        Assert.Equal(RouteRefusal.Malformed, result.Refusal);
    }

    [Fact]
    public void Resolve_NameTooLongForItsPlace_IsMalformed()
    {
        Assert.Equal(RouteRefusal.Malformed, Route($"ghcr.io/{new string('a', 250)}").Refusal);
        Assert.Equal(RouteRefusal.Malformed, Route(new string('a', 250), "ghcr.io").Refusal);
        Assert.Equal(RouteRefusal.Malformed, Route(new string('a', 250)).Refusal);
    }

    [Fact]
    public void Resolve_BareNameThatSomebodyPushed_IsLocal()
    {
        Push("nginx");
        AssertLocal("nginx", Route("nginx"));
        Assert.Equal("library/nginx", Route("library/nginx").Destination!.Origin?.Repository.Value);
    }

    [Fact]
    public void Resolve_NamePushed_IsLocalAndItsUpstreamStandsUnderTheHost()
    {
        Push("owner/image");
        AssertLocal("owner/image", Route("owner/image"));
        foreach (var result in new[] { Route("docker.io/owner/image"), Route("owner/image", "docker.io") })
        {
            Assert.Equal("docker.io/owner/image", result.Destination!.Place.Value);
            Assert.Equal("owner/image", result.Destination.Origin?.Repository.Value);
        }
    }

    [Fact]
    public void Resolve_PlaceOfAnUpstreamTakenByAPush_LeadsNowhereRatherThanThere()
    {
        Push("ghcr.io/owner/image");
        foreach (var result in new[] { Route("ghcr.io/owner/image"), Route("owner/image", "ghcr.io") })
        {
            Assert.Null(result.Destination);
            Assert.Contains("ghcr.io", result.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Resolve_BothPlacesOfTheDefaultTaken_LeadsNowhere()
    {
        Push("owner/image");
        Push("docker.io/owner/image");
        Assert.Null(Route("owner/image", "docker.io").Destination);
        AssertLocal("owner/image", Route("owner/image"));
    }

    [Fact]
    public void Resolve_LocalPattern_WinsOverTheKind()
    {
        _store.Kinds.Decide(RepositoryName.Parse("team/app"), RepositoryKind.Mirrored("docker.io"));
        AssertLocal("team/app", Route("team/app"));
        AssertLocal("team/new", Route("team/new"));
        Assert.Equal("docker.io/team/app", Route("team/app", "docker.io").Destination!.Place.Value);
    }

    [Fact]
    public void Resolve_LocalPatternOverAnUpstreamsHost_IsNeverAskedThere()
    {
        AssertLocal("ghcr.io/team/app", Route("ghcr.io/team/app"));
        Assert.Null(Route("team/app", "ghcr.io").Destination);
    }

    [Fact]
    public void Resolve_KindOfAnotherUpstream_IsNotMixed()
    {
        _store.Kinds.Decide(RepositoryName.Parse("owner/image"), RepositoryKind.Mirrored("quay.io"));
        Assert.Equal("docker.io/owner/image", Route("owner/image").Destination!.Place.Value);
    }

    [Fact]
    public void Resolve_Inherited_IsAskedUpstream()
    {
        _store.Kinds.Decide(RepositoryName.Parse("owner/image"), RepositoryKind.Inherited("docker.io"));
        var destination = Route("owner/image").Destination!;
        Assert.Equal("owner/image", destination.Place.Value);
        Assert.Equal("docker.io", destination.Origin?.Upstream.Name);
    }

    [Fact]
    public void Resolve_NoDefault_BareNamesAreLocal()
    {
        AssertLocal("nginx", Route("nginx", defaultName: null));
        AssertLocal("owner/image", Route("owner/image", defaultName: null));
        var destination = Route("docker.io/nginx", defaultName: null).Destination!;
        Assert.Equal("docker.io/library/nginx", destination.Place.Value);
        Assert.Equal("library/nginx", destination.Origin?.Repository.Value);
    }

    [Fact]
    public void Resolve_OtherDefault_HasNoLibrary()
    {
        var destination = Route("nginx", defaultName: "ghcr.io").Destination!;
        Assert.Equal("nginx", destination.Place.Value);
        Assert.Equal("nginx", destination.Origin?.Repository.Value);
    }

    public void Dispose()
    {
        _upstreams.ForEach(upstream => upstream.Dispose());
        _store.Dispose();
        _directory.Dispose();
    }

    private static void AssertLocal(string place, RouteResult result)
    {
        Assert.Equal(place, result.Destination!.Place.Value);
        Assert.Null(result.Destination.Origin);
    }

    private void Push(string name) => _store.Kinds.Decide(RepositoryName.Parse(name), RepositoryKind.Local);

    private RouteResult Route(string name, string? ns = null, string? defaultName = "docker.io")
    {
        foreach (var upstream in Configured)
        {
            _upstreams.Add(TestUpstreams.Create(TestUpstreams.OptionsFor(new Uri("http://127.0.0.1:9")) with { Name = upstream }));
        }

        var patterns = Local.Select(text => NamePattern.TryParse(text, out var pattern) ? pattern : throw new FormatException(text));
        return new NameRouter(_upstreams[^Configured.Length..], defaultName, patterns, _store.Kinds, OwnHost).Resolve(name, ns);
    }
}
