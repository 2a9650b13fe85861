using Registry.EndToEnd.Clients;
using Registry.Testing;
using Registry.Testing.Authentication;
using Registry.Testing.Redirects;
using Registry.Testing.Requests;
using Xunit;

namespace Registry.EndToEnd.Mirroring;

/// <summary>Upstreams of Docker Hub's kind: anonymous tokens from one host, blobs by signed links to another.</summary>
public sealed class TokenAndCdnTests : ServerTest
{
    private const string Repository = "library/alpine";

    private static readonly ScriptedUpstreamOptions Hub = new()
    {
        Authentication = new UpstreamAuthentication.Bearer(),
        Redirects = RedirectStyle.Cdn,
    };

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(null)]
    [InlineData("repository:user/image:pull")]
    public async Task Pull_TokensAndCdn_SendsTheCdnNoCredentials(string? challengeScope)
    {
        var options = Hub with { Authentication = new UpstreamAuthentication.Bearer { ChallengeScope = challengeScope } };
        await using var upstream = await ScriptedUpstream.StartAsync(options, Token);
        var image = upstream.Content.AddImage(Repository, "1", [3_000_000]);
        await using var server = await StartMirrorAsync(upstream.Url);

        var pulled = await new Skopeo(Directory).PullAsync($"{server.Host}/{Repository}:1", Token);

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
        var fromCdn = upstream.Log.Requests.Where(r => r.Part == UpstreamPart.Cdn).ToArray();
        Assert.NotEmpty(fromCdn);
        Assert.All(fromCdn, request => Assert.Null(request.AuthorizationScheme));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_ConstantScope_AsksForThatScope()
    {
        var options = Hub with { Authentication = new UpstreamAuthentication.Bearer { ChallengeScope = "aws", ConstantScope = "aws" } };
        await using var upstream = await ScriptedUpstream.StartAsync(options, Token);
        var image = upstream.Content.AddImage(Repository, "1", [3000]);
        await using var server = await StartMirrorAsync(upstream.Url);

        var pulled = await new Skopeo(Directory).PullAsync($"{server.Host}/{Repository}:1", Token);

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_LinkAndTokenExpireInTheMiddle_ClientNoticesNothing()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Hub, Token);
        var image = upstream.Content.AddImage(Repository, "1", [8 << 20]);
        var layer = image.Layers[0].Digest;
        var gate = upstream.OnBlob(layer).First().StallAfter(1 << 20);
        var broken = upstream.OnBlob(layer).First().CloseAfter(1 << 20);
        await using var server = await StartMirrorAsync(upstream.Url);

        var pull = new Skopeo(Directory).PullAsync($"{server.Host}/{Repository}:1", Token);
        await gate.Reached.WaitAsync(Token);
        upstream.Links.ExpireAll();
        upstream.Tokens.RevokeAll();
        gate.Release();

        await PulledDirectory.AssertHoldsAsync(await pull, image, Token);
        Assert.Equal(1, broken.Hits);
    }
}
