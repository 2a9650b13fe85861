using Registry.Mirror.Blobs;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;
using Registry.Storage.Repositories;
using Registry.Testing;
using Registry.Testing.Images;

namespace Registry.Mirror.Tests.Blobs;

/// <summary>Who gets which blob through which repository, and who is asked for it.</summary>
public sealed class BlobMirrorTests : IAsyncLifetime
{
    private const string Name = "library/nginx";
    private const string Other = "library/other";
    private const int Length = 100_000;

    private readonly SeededContent _content = new(1, Length);
    private ScriptedUpstream _hub = null!;
    private ScriptedUpstream _github = null!;
    private TestMirror _mirror = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Digest Blob => _content.Digest;

    public async ValueTask InitializeAsync()
    {
        _hub = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Cancellation);
        _github = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Cancellation);
        _mirror = new TestMirror(_hub, _github);
        _hub.Content.AddBlob(Name, _content);
        _hub.Content.AddBlob(Other, new MemoryContent("something else"));
    }

    public async ValueTask DisposeAsync()
    {
        await _mirror.DisposeAsync();
        await _hub.DisposeAsync();
        await _github.DisposeAsync();
    }

    [Fact]
    public async Task GetAsync_BlobThatIsNotHere_IsBroughtOnceAndLinked()
    {
        using (var first = await GetAsync(Name))
        {
            Assert.Equal((CacheStatus.Fill, (long?)Length), (first.Status, first.Content!.Length));
            await AssertWholeAsync(first);
        }

        await _mirror.StoredAsync(Name, Blob);
        using var second = await GetAsync(Name);
        Assert.Equal(CacheStatus.Hit, second.Status);
        await AssertWholeAsync(second);
        Assert.All(_hub.Log.Requests, request => Assert.Equal(("GET", Blob), (request.Method, request.Digest)));
        Assert.Equal(Length, _hub.Log.BytesSent(Blob));
        Assert.Equal(RepositoryKind.Mirrored("docker.io"), Kind(Name));
    }

    [Fact]
    public async Task GetAsync_BroughtThroughAnotherRepository_IsConfirmedWithOneByte()
    {
        await BringAsync(Name);
        _hub.Content.AddBlob(Other, _content);
        _hub.Log.Clear();
        using var answer = await GetAsync(Other);
        await AssertWholeAsync(answer);
        var asked = Assert.Single(_hub.Log.Requests);
        Assert.Equal(($"/v2/{Other}/blobs/{Blob}", "GET", "bytes=0-0"), (asked.Path, asked.Method, asked.Range));
        using var again = await GetAsync(Other);
        Assert.NotNull(again.Content);
        Assert.Single(_hub.Log.Requests);
    }

    [Theory]
    [InlineData(404, UpstreamFailureKind.NotFound)]
    [InlineData(401, UpstreamFailureKind.Unauthorized)]
    [InlineData(403, UpstreamFailureKind.Unauthorized)]
    [InlineData(429, UpstreamFailureKind.TooManyRequests)]
    [InlineData(500, UpstreamFailureKind.Unavailable)]
    public async Task GetAsync_OwnUpstreamDoesNotConfirm_IsRefusedThoughItIsStored(int status, UpstreamFailureKind kind)
    {
        await BringAsync(Name);
        _hub.On(request => request.Path.Contains(Other, StringComparison.Ordinal)).Answer(status);
        using var answer = await GetAsync(Other);
        Assert.Null(answer.Content);
        Assert.Equal(kind, answer.Failure!.Kind);
        Assert.True(_mirror.HasNothingOf(Other));
        using var head = await HeadAsync(Other);
        Assert.False(head.Exists);
    }

    [Fact]
    public async Task GetAsync_ManifestThatNamesTheBlob_ProvesNothing()
    {
        await BringAsync(Name);
        var manifest = $$"""{"schemaVersion":2,"layers":[{"mediaType":"l","digest":"{{Blob}}","size":{{Length}}}]}""";
        _hub.Content.AddManifest(Other, "1", MediaType.OciManifest, new MemoryContent(manifest));
        Assert.NotNull((await _mirror.Pulls.Manifests.GetAsync(_mirror.To(Other), new Reference(Tag.Parse("1")), Cancellation)).Manifest);
        using var answer = await GetAsync(Other);
        Assert.Equal(UpstreamFailureKind.NotFound, answer.Failure!.Kind);
        Assert.Null(_mirror.Store.Layers.Find(RepositoryName.Parse(Other), Blob));
    }

    [Fact]
    public async Task GetAsync_FetchUnderWay_IsJoinedOnlyAfterConfirmation()
    {
        var gate = _hub.OnBlob(Blob).First().StallAfter(50_000);
        using var first = await GetAsync(Name);
        await gate.Reached;
        using (var refused = await GetAsync(Other))
        {
            Assert.Equal(UpstreamFailureKind.NotFound, refused.Failure!.Kind);
        }

        _hub.Content.AddBlob(Other, _content);
        using var joined = await GetAsync(Other);
        Assert.NotNull(joined.Content);
        Assert.Equal("bytes=0-0", _hub.Log.Requests[^1].Range);
        gate.Release();
        await AssertWholeAsync(first);
        await AssertWholeAsync(joined);
        await _mirror.StoredAsync(Other, Blob);
        Assert.Equal(Length, _hub.Log.Requests.Where(request => request.Path.Contains(Name, StringComparison.Ordinal)).Sum(request => request.BytesSent));
    }

    [Fact]
    public async Task GetAsync_FetchOfAnotherUpstream_LeavesTheRepositoryItsOwn()
    {
        var gate = _hub.OnBlob(Blob).First().StallAfter(50_000);
        using var first = await GetAsync(Name);
        await gate.Reached;
        _github.Content.AddBlob("owner/image", _content);
        using var joined = await GetAsync("ghcr.io/owner/image");
        gate.Release();
        await AssertWholeAsync(first);
        await AssertWholeAsync(joined);
        await _mirror.StoredAsync("ghcr.io/owner/image", Blob);
        Assert.Equal(RepositoryKind.Mirrored("ghcr.io"), Kind("ghcr.io/owner/image"));
        using var again = await GetAsync("ghcr.io/owner/image");
        Assert.Equal(CacheStatus.Hit, again.Status);
    }

    [Fact]
    public async Task GetAsync_ManyClients_AreOneFetch()
    {
        var gate = _hub.OnBlobs().HoldHeaders();
        var asked = Enumerable.Range(0, 20).Select(_ => GetAsync(Name)).ToArray();
        await gate.Reached;
        gate.Release();
        foreach (var answer in await Task.WhenAll(asked))
        {
            using (answer)
            {
                await AssertWholeAsync(answer);
            }
        }

        Assert.Equal(Length, _hub.Log.BytesSent(Blob));
    }

    [Fact]
    public async Task GetAsync_LocalRepository_HasOnlyItsOwnAndAsksNobody()
    {
        await BringAsync(Name);
        _hub.Log.Clear();
        var place = _mirror.MakeLocal("team/app");
        using (var answer = await GetAsync("team/app"))
        {
            Assert.False(answer.Exists);
            Assert.Null(answer.Failure);
        }

        _mirror.Store.Layers.Add(place, Blob, Blob);
        using var own = await GetAsync("team/app");
        Assert.Equal(CacheStatus.None, own.Status);
        await AssertWholeAsync(own);
        Assert.Empty(_hub.Log.Requests);
    }

    [Fact]
    public async Task HeadAsync_RepositoryWithoutAKind_AsksNobody()
    {
        using var answer = await HeadAsync(Name);
        Assert.False(answer.Exists);
        Assert.Null(answer.Failure);
        Assert.Empty(_hub.Log.Requests);
        Assert.True(_mirror.HasNothingOf(Name));
    }

    [Fact]
    public async Task HeadAsync_MirroredRepository_AsksForOneByteUntilTheBlobIsHere()
    {
        _mirror.Store.Kinds.Decide(RepositoryName.Parse(Name), RepositoryKind.Mirrored("docker.io"));
        using (var before = await HeadAsync(Name))
        {
            Assert.Equal((CacheStatus.Revalidated, (long?)Length), (before.Status, before.Length));
        }

        Assert.Equal("bytes=0-0", Assert.Single(_hub.Log.Requests).Range);
        await BringAsync(Name);
        _hub.Log.Clear();
        using var after = await HeadAsync(Name);
        Assert.Equal((CacheStatus.Hit, (long?)Length), (after.Status, after.Length));
        Assert.Empty(_hub.Log.Requests);
    }

    [Fact]
    public async Task GetAsync_LinkWhoseBlobIsGone_IsBroughtAgain()
    {
        await BringAsync(Name);
        File.Delete(_mirror.Store.Layout.Blob(Blob));
        using var answer = await GetAsync(Name);
        Assert.Equal(CacheStatus.Fill, answer.Status);
        await AssertWholeAsync(answer);
    }

    [Fact]
    public async Task GetAsync_NotFoundUpstream_WritesNoRepository()
    {
        using var answer = await GetAsync("library/none");
        Assert.Equal(UpstreamFailureKind.NotFound, answer.Failure!.Kind);
        Assert.True(_mirror.HasNothingOf("library/none"));
    }

    [Fact]
    public async Task GetAsync_NoHeadersFromUpstreamInTime_IsAnswered503UnlessAManifestTellsTheLength()
    {
        var gate = _hub.OnBlobs().HoldHeaders();
        var asked = GetAsync(Name);
        await gate.Reached;
        _mirror.Time.Advance(BlobMirror.HeadersWithin);
        using (var answer = await asked)
        {
            Assert.Equal(UpstreamFailureKind.Timeout, answer.Failure!.Kind);
            Assert.NotNull(answer.Failure.RetryAfter);
        }

        var manifest = $$"""{"schemaVersion":2,"layers":[{"mediaType":"l","digest":"{{Blob}}","size":{{Length}}}]}""";
        _hub.Content.AddManifest(Name, "1", MediaType.OciManifest, new MemoryContent(manifest));
        await _mirror.Pulls.Manifests.GetAsync(_mirror.To(Name), new Reference(Tag.Parse("1")), Cancellation);
        asked = GetAsync(Name);
        _mirror.Time.Advance(BlobMirror.HeadersWithin);
        using var told = await asked;
        Assert.Equal(Length, told.Content!.Length);
        gate.Release();
        await AssertWholeAsync(told);
    }

    [Fact]
    public async Task GetAsync_NoConfirmationInTime_IsAFailureOfTheUpstream()
    {
        await BringAsync(Name);
        _hub.Content.AddBlob(Other, _content);
        var gate = _hub.OnBlobs().HoldHeaders();
        var asked = GetAsync(Other);
        await gate.Reached;
        _mirror.Time.Advance(BlobMirror.HeadersWithin);
        using var answer = await asked;
        Assert.Equal(UpstreamFailureKind.Timeout, answer.Failure!.Kind);
    }

    [Fact]
    public async Task GetAsync_ClientLeaves_TheBlobStillComes()
    {
        var gate = _hub.OnBlob(Blob).First().StallAfter(50_000);
        var leaver = await GetAsync(Name);
        using var stayer = await GetAsync(Name);
        await gate.Reached;
        leaver.Dispose();
        gate.Release();
        await AssertWholeAsync(stayer);
        Assert.Equal(Length, _hub.Log.BytesSent(Blob));
    }

    private async Task BringAsync(string name)
    {
        using var answer = await GetAsync(name);
        await AssertWholeAsync(answer);
        await _mirror.StoredAsync(name, Blob);
    }

    private Task<BlobAnswer> GetAsync(string name) => _mirror.Pulls.Blobs.GetAsync(_mirror.To(name), Blob, Cancellation);

    private Task<BlobAnswer> HeadAsync(string name) => _mirror.Pulls.Blobs.HeadAsync(_mirror.To(name), Blob, Cancellation);

    private RepositoryKind? Kind(string name) => _mirror.Store.Kinds.Find(RepositoryName.Parse(name));

    private async Task AssertWholeAsync(BlobAnswer answer) => Assert.Equal(Blob, await TestMirror.DigestOfAsync(answer));
}
