using Registry.Mirror.Tags;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;
using Registry.Testing;
using Registry.Testing.Images;

namespace Registry.Mirror.Tests.Tags;

public sealed class TagListMirrorTests : IAsyncLifetime
{
    private const string Name = "library/nginx";

    private static readonly Digest Some = Digest.Of(DigestAlgorithm.Sha256, "some"u8);

    private ScriptedUpstream _upstream = null!;
    private TestMirror _mirror = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
    public async Task ListAsync_Mirrored_IsAskedAndRememberedForItsFreshness()
    {
        AddTags("a", "b");
        var first = await ListAsync();
        Assert.Equal(["a", "b"], first.Tags);
        Assert.Equal(CacheStatus.Fill, first.Status);
        AddTags("c");
        _mirror.Time.Advance(TimeSpan.FromSeconds(59));
        var second = await ListAsync();
        Assert.Equal(["a", "b"], second.Tags);
        Assert.Equal((CacheStatus.Hit, TimeSpan.FromSeconds(59)), (second.Status, second.Age));
        _mirror.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a", "b", "c"], (await ListAsync()).Tags);
        Assert.Equal(2, _upstream.Log.Requests.Count);
    }

    [Fact]
    public async Task ListAsync_UpstreamDown_IsTheRememberedList()
    {
        AddTags("a", "b");
        await ListAsync();
        await _upstream.StopAsync();
        _mirror.Time.Advance(TimeSpan.FromMinutes(5));
        var answer = await ListAsync();
        Assert.Equal(["a", "b"], answer.Tags);
        Assert.Equal((CacheStatus.Stale, TimeSpan.FromMinutes(5)), (answer.Status, answer.Age));
    }

    [Fact]
    public async Task ListAsync_UpstreamDownAndNothingRemembered_IsWhatIsKept()
    {
        await _upstream.StopAsync();
        Assert.Equal(UpstreamFailureKind.Unreachable, (await ListAsync()).Failure!.Kind);
        _mirror.Store.Kinds.Decide(RepositoryName.Parse(Name), Storage.Repositories.RepositoryKind.Mirrored("docker.io"));
        _mirror.Store.Tags.Set(RepositoryName.Parse(Name), Tag.Parse("kept"), Some);
        var answer = await ListAsync();
        Assert.Equal(["kept"], answer.Tags);
        Assert.Equal(CacheStatus.Stale, answer.Status);
    }

    [Fact]
    public async Task ListAsync_Pages_AreAskedForAsTheyAre()
    {
        AddTags("a", "b", "c", "d", "e");
        var first = await ListAsync(2);
        Assert.Equal(["a", "b"], first.Tags);
        Assert.True(first.HasMore);
        var second = await ListAsync(2, "b");
        Assert.Equal(["c", "d"], second.Tags);
        Assert.True(second.HasMore);
        var third = await ListAsync(2, "d");
        Assert.Equal(["e"], third.Tags);
        Assert.False(third.HasMore);
        Assert.Equal(["?n=2", "?n=2&last=b", "?n=2&last=d"], _upstream.Log.Requests.Select(request => request.Query));
    }

    [Fact]
    public async Task ListAsync_LastFromAClient_CannotLeaveItsParameter()
    {
        AddTags("a");
        await ListAsync(null, "x&n=1#/../?");
        Assert.Equal("?last=x%26n%3D1%23%2F..%2F%3F", Assert.Single(_upstream.Log.Requests).Query);
    }

    [Fact]
    public async Task ListAsync_CountAboveTheBound_IsTheBound()
    {
        AddTags("a");
        await ListAsync(int.MaxValue);
        Assert.Equal("?n=1000", Assert.Single(_upstream.Log.Requests).Query);
    }

    [Fact]
    public async Task ListAsync_NoneWanted_AsksNobody()
    {
        var answer = await ListAsync(0);
        Assert.Empty(answer.Tags!);
        Assert.False(answer.HasMore);
        Assert.Empty(_upstream.Log.Requests);
    }

    [Fact]
    public async Task ListAsync_NotFoundUpstream_IsBelieved()
    {
        AddTags("a");
        await ListAsync();
        _upstream.On(_ => true).Answer(404);
        _mirror.Time.Advance(TimeSpan.FromMinutes(5));
        var answer = await ListAsync();
        Assert.Null(answer.Tags);
        Assert.Equal(UpstreamFailureKind.NotFound, answer.Failure!.Kind);
    }

    [Fact]
    public async Task ListAsync_UpstreamTakesTooLong_IsTheRememberedListAndTheNewOneComesBehindIt()
    {
        AddTags("a");
        await ListAsync();
        AddTags("b");
        var gate = _upstream.On(_ => true).HoldHeaders();
        _mirror.Time.Advance(TimeSpan.FromMinutes(5));
        var asked = ListAsync();
        await gate.Reached.WaitAsync(Cancellation);
        Assert.False(asked.IsCompleted);

        _mirror.Time.Advance(StaleCopy.Patience);

        var answer = await asked.WaitAsync(Cancellation);
        Assert.Equal(["a"], answer.Tags);
        Assert.Equal((CacheStatus.Stale, TimeSpan.FromMinutes(5) + StaleCopy.Patience), (answer.Status, answer.Age));
        var joined = ListAsync();
        gate.Release();
        Assert.Equal(["a", "b"], (await joined).Tags);
    }

    [Fact]
    public async Task ListAsync_UpstreamTakesTooLongAndNothingIsHere_IsWaitedFor()
    {
        AddTags("a");
        var gate = _upstream.On(_ => true).HoldHeaders();
        var asked = ListAsync();
        await gate.Reached.WaitAsync(Cancellation);
        _mirror.Time.Advance(StaleCopy.Patience);
        gate.Release();
        Assert.Equal(["a"], (await asked).Tags);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task ListAsync_UpstreamRefuses_IsTheRememberedListForAWhile(int status)
    {
        AddTags("a");
        await ListAsync();
        _upstream.On(_ => true).Answer(status);
        _mirror.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(["a"], (await ListAsync()).Tags);
        _mirror.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(UpstreamFailureKind.Unauthorized, (await ListAsync()).Failure!.Kind);
    }

    [Fact]
    public async Task ListAsync_UpstreamRefusesAndNothingRemembered_IsWhatWasConfirmedOfLate()
    {
        var name = RepositoryName.Parse(Name);
        _mirror.Store.Kinds.Decide(name, Storage.Repositories.RepositoryKind.Mirrored("docker.io"));
        _mirror.Store.Tags.Set(name, Tag.Parse("old"), Some);
        _mirror.Time.Advance(TimeSpan.FromMinutes(30));
        _mirror.Store.Tags.Set(name, Tag.Parse("young"), Some);
        _mirror.Time.Advance(TimeSpan.FromMinutes(30));
        _upstream.On(_ => true).Answer(403);
        Assert.Equal(["young"], (await ListAsync()).Tags);
        _mirror.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(UpstreamFailureKind.Unauthorized, (await ListAsync()).Failure!.Kind);
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"tags\":\"a\"}")]
    [InlineData("{\"tags\":[{}]}")]
    [InlineData("{\"tags\":[\"a\"")]
    public async Task ListAsync_Rubbish_IsAFailure(string body)
    {
        _upstream.On(_ => true).Answer(200, new MemoryContent(body), "application/json");
        Assert.Equal(UpstreamFailureKind.Invalid, (await ListAsync()).Failure!.Kind);
    }

    [Fact]
    public async Task ListAsync_EndlessList_IsAFailure()
    {
        _upstream.On(_ => true).Answer(200, new MemoryContent($"{{\"tags\":[\"{new string('a', 2 << 20)}\"]}}"), "application/json");
        Assert.Equal(UpstreamFailureKind.Invalid, (await ListAsync()).Failure!.Kind);
    }

    [Fact]
    public async Task ListAsync_WhatIsNoTag_IsLeftOut()
    {
        _upstream.On(_ => true).Answer(200, new MemoryContent("""{"name":"x","tags":["ok",null,"","../up","a\r\nb","-dash"],"child":[],"manifest":{}}"""), "application/json");
        Assert.Equal(["ok"], (await ListAsync()).Tags);
    }

    [Fact]
    public async Task ListAsync_NullForNone_IsEmpty()
    {
        _upstream.On(_ => true).Answer(200, new MemoryContent("""{"name":"x","tags":null}"""), "application/json");
        Assert.Empty((await ListAsync()).Tags!);
    }

    [Fact]
    public async Task ListAsync_ManyClients_AreOneRequest()
    {
        AddTags("a");
        var gate = _upstream.On(_ => true).HoldHeaders();
        var clients = Enumerable.Range(0, 20).Select(_ => ListAsync()).ToArray();
        await gate.Reached;
        gate.Release();
        Assert.All(await Task.WhenAll(clients), answer => Assert.Equal(["a"], answer.Tags));
        Assert.Single(_upstream.Log.Requests);
    }

    [Fact]
    public async Task ListAsync_Local_PagesFromTheStore()
    {
        var place = _mirror.MakeLocal("team/app");
        foreach (var tag in new[] { "b", "a", "C", "d" })
        {
            _mirror.Store.Tags.Set(place, Tag.Parse(tag), Some);
        }

        Assert.Equal(["C", "a", "b", "d"], (await ListAsync(name: "team/app")).Tags);
        var page = await ListAsync(2, "C", "team/app");
        Assert.Equal(["a", "b"], page.Tags);
        Assert.True(page.HasMore);
        page = await ListAsync(2, "aa", "team/app");
        Assert.Equal(["b", "d"], page.Tags);
        Assert.False(page.HasMore);
        Assert.Empty((await ListAsync(0, null, "team/app")).Tags!);
        Assert.Empty((await ListAsync(null, "z", "team/app")).Tags!);
        Assert.Empty(_upstream.Log.Requests);
    }

    private void AddTags(params ReadOnlySpan<string> tags)
    {
        foreach (var tag in tags)
        {
            _upstream.Content.AddManifest(Name, tag, MediaType.OciManifest, new MemoryContent("{}"));
        }
    }

    private Task<TagListAnswer> ListAsync(int? count = null, string? last = null, string name = Name) =>
        _mirror.Pulls.Tags.ListAsync(_mirror.To(name), count, last, Cancellation);
}
