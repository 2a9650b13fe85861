using Registry.Mirror.Upstreams;
using Registry.Server.Access;
using Registry.Server.Tests.Access;
using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.Server.Tests;

/// <summary>A server whose rules, limits and upstreams change while it serves.</summary>
public sealed class ReloadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reload_OtherRules_DecideTheNextRequestOfThatConnection()
    {
        await using var guarded = await Guarded.StartAsync(access: new AccessOptions { Rules = [] });
        guarded.Server.AddBlob(Guarded.Team, "layer"u8);
        Assert.Equal(403, await guarded.StatusAsync("/v2/team/app/tags/list", Guarded.Basic("ci")));

        guarded.Server.Reload(options => options with { Access = new AccessOptions { Rules = Guarded.Rules } });
        Assert.Equal(200, await guarded.StatusAsync("/v2/team/app/tags/list", Guarded.Basic("ci")));

        guarded.Server.Reload(options => options with { Access = new AccessOptions { Rules = [] } });
        Assert.Equal(403, await guarded.StatusAsync("/v2/team/app/tags/list", Guarded.Basic("ci")));
    }

    [Fact]
    public async Task Reload_TokensAndOpenedAddresses_Last()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);
        var opening = new AccessOptions { LoginOpensMirror = TimeSpan.FromHours(1) };
        var behindProxy = new ServerOptions { TrustedProxies = [System.Net.IPNetwork.Parse("127.0.0.1/32")] };
        await using var guarded = await Guarded.StartAsync(upstream, opening, options: behindProxy);
        upstream.Content.AddImage("library/nginx", "1", [1000]);
        (string, string) from = ("X-Forwarded-For", "8.8.8.8");
        var token = await guarded.TokenAsync("?service=here", Guarded.Basic("ci"), from);

        guarded.Server.Reload(options => options with { RequestsPerSecond = 1000 });

        Assert.Equal(200, await guarded.StatusAsync("/v2/_catalog", token));
        Assert.Equal(200, await guarded.StatusAsync("/v2/library/nginx/manifests/1", from));
        guarded.Server.Reload(options => options with { Access = new AccessOptions() });
        Assert.Equal(401, await guarded.StatusAsync("/v2/library/nginx/manifests/1", from));
    }

    [Fact]
    public async Task Reload_MirrorWhereThereWasNone_TurnsTheChallengeIntoBearer()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);
        await using var guarded = await Guarded.StartAsync();
        await AssertChallengeAsync(guarded, "Basic");

        guarded.Server.Reload(options => options, mirror => mirror with { Default = "docker.io", Upstreams = [new UpstreamOptions { Name = "docker.io", Endpoints = [new EndpointOptions(upstream.Url)] }] });

        await AssertChallengeAsync(guarded, "Bearer");
        await guarded.TokenAsync("?service=here", Guarded.Basic("ci"));
    }

    [Fact]
    public async Task Reload_OtherLimits_CountForNewConnections()
    {
        await using var server = await TestServer.StartAsync();
        var large = ("X-Large", new string('a', 8000));
        Assert.Equal(200, await StatusAsync(server, large));

        server.Reload(options => options with { MaxRequestHeaderBytes = 4096 });
        Assert.Equal(431, await StatusAsync(server, large));

        server.Reload(options => options with { RequestsPerSecond = 1, MaxRequestHeaderBytes = 64 << 10 });
        Assert.Equal(200, await StatusAsync(server, large));
        Assert.Equal(429, await StatusAsync(server, large));
    }

    [Fact]
    public async Task Reload_FewerConnections_LeavesTheOpenOnesAndTakesNoMore()
    {
        await using var server = await TestServer.StartAsync();
        await using var open = await server.ConnectAsync();
        await open.RequestAsync("/v2/");
        Assert.Contains("200 OK", (await open.ReadAnswerAsync()).Head, StringComparison.Ordinal);

        server.Reload(options => options with { MaxConnections = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => server.GetAsync("/v2/"));
        await open.RequestAsync("/v2/");
        Assert.Contains("200 OK", (await open.ReadAnswerAsync()).Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_WhileABlobIsServedFromAnUpstreamThatGoes_ItIsServedToTheEnd()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);
        var content = new SeededContent(1, 4 << 20);
        upstream.Content.AddBlob("library/nginx", content);
        var gate = upstream.OnBlob(content.Digest).First().StallAfter(1 << 20);
        await using var server = await TestServer.StartAsync(upstream);
        using var response = await server.GetAsync($"/v2/library/nginx/blobs/{content.Digest}");
        await gate.Reached.WaitAsync(Token);

        server.Reload(options => options, mirror => mirror with { Default = null, Upstreams = [] });
        gate.Release();

        var body = await response.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(content.Digest, Storage.Content.Digest.Of(Storage.Content.DigestAlgorithm.Sha256, body));
        using var after = await server.GetAsync("/v2/library/other/manifests/1");
        await after.ExpectProblemAsync(404, "MANIFEST_UNKNOWN");
    }

    private static async Task<int> StatusAsync(TestServer server, params (string, string)[] headers)
    {
        using var response = await server.GetAsync("/v2/", [.. headers, ("Connection", "close")]);
        return (int)response.StatusCode;
    }

    private static async Task AssertChallengeAsync(Guarded guarded, string scheme)
    {
        using var response = await guarded.Server.GetAsync("/v2/");
        Assert.Equal(scheme, Assert.Single(response.Headers.WwwAuthenticate).Scheme);
    }
}
