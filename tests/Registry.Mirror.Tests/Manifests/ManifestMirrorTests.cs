using Registry.Mirror.Manifests;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;
using Registry.Storage.Repositories;
using Registry.Testing;
using Registry.Testing.Images;

namespace Registry.Mirror.Tests.Manifests;

/// <summary>Manifests as they come from an upstream that does as it should, or says that it cannot.</summary>
public sealed class ManifestMirrorTests : IAsyncLifetime
{
    private const string Name = "library/nginx";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(60);

    private ScriptedUpstream _upstream = null!;
    private TestMirror _mirror = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Gets => _upstream.Log.Count(request => request.Method == "GET");

    private int Heads => _upstream.Log.Count(request => request.Method == "HEAD");

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Cancellation);
        _mirror = new TestMirror(_upstream);
    }

    public async ValueTask DisposeAsync()
    {
        await _mirror.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task GetAsync_TagThatIsFresh_AsksNobody()
    {
        var image = AddImage();
        var first = await GetAsync("1");
        Assert.Equal((CacheStatus.Fill, image.Manifest.Digest), (first.Status, first.Manifest!.Digest));
        Assert.Equal(MediaType.OciManifest, first.Manifest.MediaType);
        _mirror.Time.Advance(Freshness - TimeSpan.FromSeconds(1));
        var second = await GetAsync("1");
        Assert.Equal((CacheStatus.Hit, TimeSpan.FromSeconds(59)), (second.Status, second.Age));
        Assert.Equal((1, 0), (Gets, Heads));
        Assert.Equal(RepositoryKind.Mirrored("docker.io"), _mirror.Store.Kinds.Find(RepositoryName.Parse(Name)));
    }

    [Fact]
    public async Task GetAsync_SameDigestAfterFreshness_CostsAHeadAndNoGet()
    {
        AddImage();
        await GetAsync("1");
        _mirror.Time.Advance(Freshness);
        Assert.Equal(CacheStatus.Revalidated, (await GetAsync("1")).Status);
        Assert.Equal(CacheStatus.Hit, (await GetAsync("1")).Status);
        Assert.Equal((1, 1), (Gets, Heads));
    }

    [Fact]
    public async Task GetAsync_NotModifiedAfterFreshness_CostsNoGet()
    {
        AddImage();
        await GetAsync("1");
        _upstream.OnManifests().Method("HEAD").Answer(304, new MemoryContent(""), MediaType.OciManifest);
        _mirror.Time.Advance(Freshness);
        Assert.Equal(CacheStatus.Revalidated, (await GetAsync("1")).Status);
        Assert.Equal((1, 1), (Gets, Heads));
    }

    [Fact]
    public async Task GetAsync_HeadWithoutADigest_IsMadeUpForByAGet()
    {
        AddImage();
        await GetAsync("1");
        _upstream.OnManifests().Method("HEAD").ClaimHeader("Docker-Content-Digest", null);
        var moved = AddImage();
        _mirror.Time.Advance(Freshness);
        Assert.Equal(moved.Manifest.Digest, (await GetAsync("1")).Manifest!.Digest);
        Assert.Equal((2, 1), (Gets, Heads));
    }

    [Fact]
    public async Task GetAsync_TagMovedUpstream_IsTheNewOne()
    {
        var old = AddImage();
        await GetAsync("1");
        var moved = AddImage();
        Assert.Equal(old.Manifest.Digest, (await GetAsync("1")).Manifest!.Digest);
        _mirror.Time.Advance(Freshness);
        var answer = await GetAsync("1");
        Assert.Equal((CacheStatus.Fill, moved.Manifest.Digest), (answer.Status, answer.Manifest!.Digest));
        Assert.Equal((2, 1), (Gets, Heads));
        _upstream.Content.AddManifest(Name, "1", MediaType.OciManifest, _upstream.Content.Content(old.Manifest.Digest));
        _mirror.Time.Advance(Freshness);
        var back = await GetAsync("1");
        Assert.Equal((CacheStatus.Revalidated, old.Manifest.Digest), (back.Status, back.Manifest!.Digest));
        Assert.Equal((2, 2), (Gets, Heads));
    }

    [Fact]
    public async Task GetAsync_LinkFromTheFuture_IsNotFreshForEver()
    {
        AddImage();
        await GetAsync("1");
        var link = _mirror.Store.Layout.TagCurrent(RepositoryName.Parse(Name), Tag.Parse("1"));
        File.SetLastWriteTimeUtc(link, _mirror.Time.GetUtcNow().AddYears(1).UtcDateTime);
        Assert.Equal(CacheStatus.Revalidated, (await GetAsync("1")).Status);
        Assert.Equal(CacheStatus.Hit, (await GetAsync("1")).Status);
    }

    [Fact]
    public async Task GetAsync_TagGoneUpstream_IsBelieved()
    {
        AddImage();
        await GetAsync("1");
        _upstream.Content.RemoveTag(Name, "1");
        _mirror.Time.Advance(Freshness);
        var answer = await GetAsync("1");
        Assert.Null(answer.Manifest);
        Assert.Equal(UpstreamFailureKind.NotFound, answer.Failure!.Kind);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task GetAsync_UpstreamRefuses_CopyIsServedForAWhile(int status)
    {
        AddImage();
        await GetAsync("1");
        _upstream.OnManifests().Answer(status);
        _mirror.Time.Advance(TimeSpan.FromMinutes(59));
        var answer = await GetAsync("1");
        Assert.Equal((CacheStatus.Stale, TimeSpan.FromMinutes(59)), (answer.Status, answer.Age));
        _mirror.Time.Advance(TimeSpan.FromMinutes(1));
        answer = await GetAsync("1");
        Assert.Null(answer.Manifest);
        Assert.Equal(UpstreamFailureKind.Unauthorized, answer.Failure!.Kind);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task GetAsync_UpstreamInTrouble_CopyIsServed(int status)
    {
        AddImage();
        await GetAsync("1");
        _upstream.OnManifests().Answer(status);
        _mirror.Time.Advance(TimeSpan.FromDays(100));
        var answer = await GetAsync("1");
        Assert.NotNull(answer.Manifest);
        Assert.Equal((CacheStatus.Stale, TimeSpan.FromDays(100)), (answer.Status, answer.Age));
        Assert.Contains(_mirror.Log.Entries, entry => entry.Id.Name == "ServedStale");
    }

    [Fact]
    public async Task GetAsync_UpstreamDown_CopyIsServedAndNewIsAFailure()
    {
        AddImage();
        await GetAsync("1");
        await _upstream.StopAsync();
        _mirror.Time.Advance(Freshness);
        Assert.Equal(CacheStatus.Stale, (await GetAsync("1")).Status);
        Assert.Equal(UpstreamFailureKind.Unreachable, (await GetAsync("2")).Failure!.Kind);
    }

    [Fact]
    public async Task GetAsync_UpstreamTakesTooLong_CopyGoesOutAndTheRevalidationEndsBehindIt()
    {
        AddImage();
        await GetAsync("1");
        var moved = AddImage();
        var gate = _upstream.OnManifests().Method("HEAD").HoldHeaders();
        _mirror.Time.Advance(Freshness);
        var asked = GetAsync("1");
        await gate.Reached;
        Assert.False(asked.IsCompleted);
        _mirror.Time.Advance(StaleCopy.Patience);
        Assert.Equal(CacheStatus.Stale, (await asked).Status);
        var joined = GetAsync("1");
        gate.Release();
        Assert.Equal(moved.Manifest.Digest, (await joined).Manifest!.Digest);
        Assert.Equal(CacheStatus.Hit, (await GetAsync("1")).Status);
        Assert.Equal((2, 1), (Gets, Heads));
    }

    [Fact]
    public async Task GetAsync_ManyClients_AreOneRequest()
    {
        var image = AddImage();
        var gate = _upstream.OnManifests().HoldHeaders();
        var clients = Enumerable.Range(0, 50).Select(_ => GetAsync("1")).ToArray();
        await gate.Reached;
        gate.Release();
        Assert.All(await Task.WhenAll(clients), answer => Assert.Equal(image.Manifest.Digest, answer.Manifest!.Digest));
        Assert.Single(_upstream.Log.Requests);
    }

    [Fact]
    public async Task GetAsync_ClientLeaves_TheOthersAreServedByTheSameRequest()
    {
        AddImage();
        var gate = _upstream.OnManifests().HoldHeaders();
        using var leaving = new CancellationTokenSource();
        var leaver = _mirror.Pulls.Manifests.GetAsync(_mirror.To(Name), new Reference(Tag.Parse("1")), leaving.Token);
        await gate.Reached;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        var stayer = GetAsync("1");
        gate.Release();
        Assert.NotNull((await stayer).Manifest);
        Assert.Single(_upstream.Log.Requests);
    }

    [Fact]
    public async Task GetAsync_NotFoundUpstream_WritesNothing()
    {
        Assert.Equal(UpstreamFailureKind.NotFound, (await GetAsync("1")).Failure!.Kind);
        Assert.True(_mirror.HasNothingOf(Name));
    }

    [Fact]
    public async Task GetAsync_ByDigest_IsAskedForOnceAndNeverGoesStale()
    {
        var digest = AddImage().Manifest.Digest;
        Assert.Equal(CacheStatus.Fill, (await GetAsync(digest)).Status);
        await _upstream.StopAsync();
        _mirror.Time.Advance(TimeSpan.FromDays(1000));
        var answer = await GetAsync(digest);
        Assert.Equal((CacheStatus.Hit, TimeSpan.Zero), (answer.Status, answer.Age));
        Assert.Single(_upstream.Log.Requests);
    }

    [Fact]
    public async Task GetAsync_DigestThatAnotherRepositoryHas_IsAskedOfTheOwnUpstream()
    {
        var digest = AddImage().Manifest.Digest;
        await GetAsync(digest);
        var other = await _mirror.Pulls.Manifests.GetAsync(_mirror.To("library/other"), new Reference(digest), Cancellation);
        Assert.Equal(UpstreamFailureKind.NotFound, other.Failure!.Kind);
        Assert.True(_mirror.HasNothingOf("library/other"));
    }

    [Fact]
    public async Task GetAsync_LocalRepository_AsksNobody()
    {
        AddImage();
        _mirror.MakeLocal(Name);
        var answer = await GetAsync("1");
        Assert.Equal((null, null, CacheStatus.None), (answer.Manifest, answer.Failure, answer.Status));
        Assert.Empty(_upstream.Log.Requests);
    }

    [Fact]
    public async Task GetAsync_PushedWhileItWasAsked_StaysThePushersAlone()
    {
        AddImage();
        var gate = _upstream.OnManifests().HoldHeaders();
        var asked = GetAsync("1");
        await gate.Reached;
        var place = _mirror.MakeLocal(Name);
        gate.Release();
        Assert.Equal(UpstreamFailureKind.NotFound, (await asked).Failure!.Kind);
        Assert.Empty(_mirror.Store.Tags.List(place, null, null).Tags);
    }

    [Fact]
    public async Task GetAsync_FurtherEndpoint_ServesDigestsAndNoTags()
    {
        await using var second = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Cancellation);
        await using var mirror = new TestMirror(new MirrorOptions { Default = "docker.io", Upstreams = [TestMirror.Options("docker.io", _upstream, second)] });
        var image = second.Content.AddImage(Name, "1", [4096]);
        var byTag = await mirror.Pulls.Manifests.GetAsync(mirror.To(Name), new Reference(Tag.Parse("1")), Cancellation);
        Assert.Equal(UpstreamFailureKind.NotFound, byTag.Failure!.Kind);
        Assert.Empty(second.Log.Requests);
        var byDigest = await mirror.Pulls.Manifests.GetAsync(mirror.To(Name), new Reference(image.Manifest.Digest), Cancellation);
        Assert.Equal(image.Manifest.Digest, byDigest.Manifest!.Digest);
    }

    private Image AddImage() => _upstream.Content.AddImage(Name, "1", [4096]);

    private Task<ManifestAnswer> GetAsync(string tag) => _mirror.Pulls.Manifests.GetAsync(_mirror.To(Name), new Reference(Tag.Parse(tag)), Cancellation);

    private Task<ManifestAnswer> GetAsync(Digest digest) => _mirror.Pulls.Manifests.GetAsync(_mirror.To(Name), new Reference(digest), Cancellation);
}
