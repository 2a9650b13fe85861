using Registry.EndToEnd.Clients;
using Registry.Testing;
using Registry.Testing.Authentication;
using Registry.Testing.Images;
using Registry.Testing.Redirects;
using Registry.Testing.Requests;
using Xunit;

namespace Registry.EndToEnd.Upstream;

/// <summary>That the scripted upstream is a registry to a client that was not written for it.</summary>
public sealed class ScriptedUpstreamTests : IDisposable
{
    private const string Repository = "library/alpine";

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(ImageForm.Oci)]
    [InlineData(ImageForm.Docker)]
    public async Task Skopeo_PlainUpstream_CopiesTheImage(ImageForm form)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);
        var image = upstream.Content.AddImage(Repository, "1", [3000, 5_000_000], form);

        var pulled = await new Skopeo(_directory).PullAsync($"{upstream.Host}/{Repository}:1", Token);

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
        Assert.All(image.Blobs, blob => Assert.Equal(blob.Size, upstream.Log.BytesSent(blob.Digest)));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Skopeo_IndexOfTwoPlatforms_CopiesItsOwn()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);
        var amd64 = upstream.Content.AddImage(Repository, null, [3000]);
        var s390x = upstream.Content.AddImage(Repository, null, [4000], architecture: "s390x");
        upstream.Content.AddIndex(Repository, "1", [s390x, amd64]);

        var pulled = await new Skopeo(_directory).PullAsync($"{upstream.Host}/{Repository}:1", Token, "--override-arch=amd64");

        await PulledDirectory.AssertHoldsAsync(pulled, amd64, Token);
        Assert.All(s390x.Blobs, blob => Assert.Equal(0, upstream.Log.BytesSent(blob.Digest)));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Skopeo_TagsInPages_ListsAll()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);
        foreach (var tag in new[] { "b", "a", "c" })
        {
            upstream.Content.AddImage(Repository, tag, [3000]);
        }

        using var client = new HttpClient { BaseAddress = upstream.Url };
        using var page = await client.GetAsync($"/v2/{Repository}/tags/list?n=2", Token);
        using var inspected = await Skopeo.InspectAsync($"{upstream.Host}/{Repository}:a", Token);

        Assert.Equal($"</v2/{Repository}/tags/list?last=b&n=2>; rel=\"next\"", page.Headers.GetValues("Link").Single());
        Assert.Equal(["a", "b", "c"], inspected.RootElement.GetProperty("RepoTags").EnumerateArray().Select(t => t.GetString()));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Skopeo_BasicUpstream_NeedsThePassword()
    {
        var options = new ScriptedUpstreamOptions { Authentication = new UpstreamAuthentication.Basic("ada", "secret") };
        await using var upstream = await ScriptedUpstream.StartAsync(options, Token);
        var image = upstream.Content.AddImage(Repository, "1", [3000]);
        var reference = $"{upstream.Host}/{Repository}:1";

        var refused = await Skopeo.TryPullAsync(reference, _directory.File("refused"), Token, "--src-creds=ada:wrong");
        var pulled = await new Skopeo(_directory).PullAsync(reference, Token, "--src-creds=ada:secret");

        Assert.NotEqual(0, refused.ExitCode);
        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Skopeo_BearerUpstreamWithCdn_TakesTokensAndSendsTheCdnNone()
    {
        var options = new ScriptedUpstreamOptions
        {
            Authentication = new UpstreamAuthentication.Bearer { User = "ada", Password = "secret" },
            Redirects = RedirectStyle.Cdn,
        };
        await using var upstream = await ScriptedUpstream.StartAsync(options, Token);
        var image = upstream.Content.AddImage(Repository, "1", [3000, 200_000]);

        var pulled = await new Skopeo(_directory).PullAsync($"{upstream.Host}/{Repository}:1", Token, "--src-creds=ada:secret");

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
        Assert.True(upstream.Tokens.Issued > 0);
        var fromCdn = upstream.Log.Requests.Where(r => r.Part == UpstreamPart.Cdn).ToArray();
        Assert.Equal(image.Blobs.Count(), fromCdn.Length);
        Assert.All(fromCdn, r => Assert.Null(r.AuthorizationScheme));
    }

    public void Dispose() => _directory.Dispose();
}
