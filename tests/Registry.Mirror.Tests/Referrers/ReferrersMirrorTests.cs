using Registry.Mirror.Referrers;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;
using Registry.Testing;
using Registry.Testing.Images;

namespace Registry.Mirror.Tests.Referrers;

/// <summary>Lists of referrers that are remembered while the upstream is slow or refuses.</summary>
public sealed class ReferrersMirrorTests : IAsyncLifetime
{
    private const string Name = "library/nginx";

    private static readonly Digest Subject = Digest.Of(DigestAlgorithm.Sha256, "subject"u8);

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
    public async Task ListAsync_UpstreamTakesTooLong_IsTheRememberedListAndTheNewOneComesBehindIt()
    {
        Answer("a/one");
        await ListAsync();
        _upstream.Recover();
        Answer("a/two");
        var gate = _upstream.On(_ => true).HoldHeaders();
        _mirror.Time.Advance(TimeSpan.FromMinutes(5));
        var asked = ListAsync();
        await gate.Reached.WaitAsync(Cancellation);
        Assert.False(asked.IsCompleted);

        _mirror.Time.Advance(StaleCopy.Patience);

        var answer = await asked.WaitAsync(Cancellation);
        Assert.Equal("a/one", Assert.Single(answer.Referrers).ArtifactType);
        Assert.Equal((CacheStatus.Stale, TimeSpan.FromMinutes(5)), (answer.Status, answer.Age));
        var joined = ListAsync();
        gate.Release();
        Assert.Equal("a/two", Assert.Single((await joined).Referrers).ArtifactType);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task ListAsync_UpstreamRefuses_IsTheRememberedListForAWhile(int status)
    {
        Answer("a/one");
        await ListAsync();
        _upstream.Recover();
        _upstream.On(_ => true).Answer(status);
        _mirror.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Single((await ListAsync()).Referrers);
        _mirror.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(UpstreamFailureKind.Unauthorized, (await ListAsync()).Failure!.Kind);
    }

    private void Answer(string artifactType) => _upstream.On(request => request.Path.Contains("/referrers/", StringComparison.Ordinal)).Answer(
        200,
        new MemoryContent($$"""{"schemaVersion":2,"mediaType":"{{MediaType.OciIndex}}","manifests":[{"mediaType":"{{MediaType.OciManifest}}","digest":"{{Subject}}","size":7,"artifactType":"{{artifactType}}"}]}"""),
        MediaType.OciIndex);

    private Task<ReferrersAnswer> ListAsync() => _mirror.Pulls.Referrers.ListAsync(_mirror.To(Name), Subject, "", null, Cancellation);
}
