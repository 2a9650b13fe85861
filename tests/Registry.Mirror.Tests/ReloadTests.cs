using Registry.Mirror.Fetches;
using Registry.Mirror.Upstreams;
using Registry.Testing;
using Registry.Testing.Images;

namespace Registry.Mirror.Tests;

/// <summary>A mirror whose upstreams become others while it is used.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private const string Name = "library/nginx";

    private readonly SeededContent _content = new(1, 8 << 20);
    private ScriptedUpstream _hub = null!;
    private ScriptedUpstream _github = null!;
    private TestMirror _mirror = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private UpstreamOptions Hub => TestMirror.Options("docker.io", _hub);

    public async ValueTask InitializeAsync()
    {
        _hub = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Cancellation);
        _github = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Cancellation);
        _mirror = new TestMirror(new MirrorOptions { Default = "docker.io", Upstreams = [Hub], Fetch = new FetchOptions { Connections = 1 } });
        _hub.Content.AddBlob(Name, _content);
    }

    public async ValueTask DisposeAsync()
    {
        await _mirror.DisposeAsync();
        await _hub.DisposeAsync();
        await _github.DisposeAsync();
    }

    [Fact]
    public void Reload_UpstreamThatStaysTheSame_IsKept()
    {
        var before = UpstreamOf(Name);

        Reload([Hub, TestMirror.Options("ghcr.io", _github)]);

        Assert.Same(before, UpstreamOf(Name));
        Assert.Equal("ghcr.io", UpstreamOf("ghcr.io/owner/image")!.Name);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Reload_UpstreamThatChanges_IsAnother(int change)
    {
        Reload([Full]);
        var before = UpstreamOf(Name);
        Reload([Full]);
        Assert.Same(before, UpstreamOf(Name));

        Reload([Changed(change)]);

        Assert.NotSame(before, UpstreamOf(Name));
    }

    [Fact]
    public void Reload_UpstreamThatIsGone_IsNotAskedAnyMore()
    {
        Reload([Hub, TestMirror.Options("ghcr.io", _github)]);
        Assert.NotNull(UpstreamOf("ghcr.io/owner/image"));

        Reload([Hub]);

        Assert.Null(UpstreamOf("ghcr.io/owner/image"));
        Assert.Null(_mirror.Pulls.Names.UpstreamName("ghcr.io"));
    }

    [Fact]
    public void Reload_PatternOfLocalNames_Counts()
    {
        _mirror.Pulls.Reload(new MirrorOptions { Default = "docker.io", Upstreams = [Hub], Local = ["library/**"] });

        Assert.Null(UpstreamOf(Name));
        Assert.NotNull(UpstreamOf("owner/image"));
    }

    [Fact(Timeout = 10_000)]
    public async Task Reload_WhileABlobIsBrought_ItIsBroughtToItsEnd()
    {
        // The second half is asked for when the first is there, which is after the reload.
        var cancellation = TestContext.Current.CancellationToken;
        var gate = _hub.OnBlob(_content.Digest).First().StallAfter(1 << 20);
        using var answer = await _mirror.Pulls.Blobs.GetAsync(_mirror.To(Name), _content.Digest, cancellation);
        await gate.Reached.WaitAsync(cancellation);

        Reload([TestMirror.Options("docker.io", _github)]);
        Reload([], @default: null);
        Assert.Single(_hub.Log.Requests);
        gate.Release();

        Assert.Equal(_content.Digest, await TestMirror.DigestOfAsync(answer));
        Assert.Null(UpstreamOf(Name));
        Assert.Empty(_github.Log.Requests);
    }

    [Fact]
    public void Reload_FileOfAuthoritiesThatIsNotThere_ChangesNothing()
    {
        var before = _mirror.Pulls.Names;

        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => Reload([Hub with { CertificateAuthority = "/none/ca.pem" }]));

        Assert.Same(before, _mirror.Pulls.Names);
    }

    [Fact(Timeout = 10_000)]
    public async Task Resize_MoreConnections_LetsInWhoWaits()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var budget = new ConnectionBudget(new FetchOptions { PerUpstream = 1, Total = 1 });
        await budget.EnterAsync("a", cancellation);
        var second = budget.EnterAsync("a", cancellation);
        var third = budget.EnterAsync("a", cancellation);
        Assert.False(second.IsCompleted);

        budget.Resize(new FetchOptions { PerUpstream = 2, Total = 8 });

        await second.WaitAsync(cancellation);
        Assert.False(third.IsCompleted);
        budget.Leave("a");
        await third.WaitAsync(cancellation);
    }

    public static TheoryData<int> Changes => [.. Enumerable.Range(0, 10)];

    // An option of each kind, so that forgetting to compare one shows.
    private UpstreamOptions Full => new()
    {
        Name = "docker.io",
        Endpoints = [new EndpointOptions(_hub.Url) { Credential = new UpstreamCredential("user", "one") }],
        Proxy = new Uri("http://user:one@proxy.test:3128"),
        Bandwidth = 1000,
        Realms = ["auth.test"],
    };

    private UpstreamOptions Changed(int change) => change switch
    {
        0 => Full with { Endpoints = [new EndpointOptions(_hub.Url) { Credential = new UpstreamCredential("user", "two") }] },
        1 => Full with { Endpoints = [new EndpointOptions(_hub.Url)] },
        2 => Full with { Endpoints = [new EndpointOptions(_github.Url) { Credential = new UpstreamCredential("user", "one") }] },
        3 => Full with { Endpoints = [.. Full.Endpoints, new EndpointOptions(_github.Url)] },
        4 => Full with { Proxy = new Uri("http://user:two@proxy.test:3128") },
        5 => Full with { Proxy = null },
        6 => Full with { Bandwidth = 2000 },
        7 => Full with { Realms = [] },
        8 => Full with { Freshness = TimeSpan.FromSeconds(1) },
        _ => Full with { StaleFor = TimeSpan.FromSeconds(1) },
    };

    private Upstream? UpstreamOf(string name) => _mirror.Pulls.Names.Resolve(name, null).Destination?.Origin?.Upstream;

    private void Reload(IReadOnlyList<UpstreamOptions> upstreams, string? @default = "docker.io") =>
        _mirror.Pulls.Reload(new MirrorOptions { Default = @default, Upstreams = upstreams });
}
