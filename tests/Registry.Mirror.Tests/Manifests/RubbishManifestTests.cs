using Registry.Mirror.Manifests;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;
using Registry.Storage.Manifests;
using Registry.Testing;
using Registry.Testing.Faults;
using Registry.Testing.Images;

namespace Registry.Mirror.Tests.Manifests;

/// <summary>What upstreams send in place of manifests: none of it is kept, and where there is a copy, that goes out.</summary>
public sealed class RubbishManifestTests : IAsyncLifetime
{
    private const string Name = "library/nginx";

    private static readonly Dictionary<string, Action<RequestMatch>> Rubbish = new(StringComparer.Ordinal)
    {
        ["HTML"] = match => match.AnswerHtml(),
        ["no bytes"] = match => match.Answer(200, new MemoryContent(""), MediaType.OciManifest),
        ["cut JSON"] = match => match.Answer(200, new MemoryContent("{\"schemaVersion\":2"), MediaType.OciManifest),
        ["more than 4 MiB"] = match => match.Answer(200, new MemoryContent($"{{\"a\":\"{new string('a', 5 << 20)}\"}}"), MediaType.OciManifest),
        ["another digest"] = match => match.ClaimHeader("Docker-Content-Digest", TestUpstreamDigest),
        ["a flipped byte"] = match => match.Corrupt(2),
        ["a smaller length"] = match => match.ClaimLength(20),
        ["a larger length"] = match => match.ClaimLength(100_000),
        ["a cut connection"] = match => match.CloseAfter(10),
        ["a reset connection"] = match => match.ResetAfter(10),
        ["gzip"] = match => match.Gzip(),
    };

    private ScriptedUpstream _upstream = null!;
    private TestMirror _mirror = null!;

    public static TheoryData<string> Kinds => [.. Rubbish.Keys];

    private static string TestUpstreamDigest => Digest.Of(DigestAlgorithm.Sha256, "something else"u8).ToString();

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

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task GetAsync_RubbishForATag_IsAFailureAndNothingIsKept(string kind)
    {
        _upstream.Content.AddImage(Name, "1", [4096]);
        Rubbish[kind](_upstream.OnManifests());
        var answer = await GetAsync("1");
        Assert.Null(answer.Manifest);
        Assert.True(answer.Failure!.Kind is UpstreamFailureKind.Invalid or UpstreamFailureKind.Unreachable);
        Assert.Contains("docker.io", answer.Failure.Message, StringComparison.Ordinal);
        Assert.True(_mirror.HasNothingOf(Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task GetAsync_RubbishAfterFreshness_LeavesTheCopy(string kind)
    {
        var image = _upstream.Content.AddImage(Name, "1", [4096]);
        await GetAsync("1");
        _upstream.Content.AddImage(Name, "1", [8192]);
        Rubbish[kind](_upstream.OnManifests().Method("GET"));
        _mirror.Time.Advance(TimeSpan.FromMinutes(2));
        var answer = await GetAsync("1");
        Assert.Equal((CacheStatus.Stale, image.Manifest.Digest), (answer.Status, answer.Manifest!.Digest));
    }

    [Fact]
    public async Task GetAsync_OtherContentUnderADigest_IsRefused()
    {
        var image = _upstream.Content.AddImage(Name, "1", [4096]);
        _upstream.OnManifests().Answer(200, new MemoryContent("{\"schemaVersion\":2}"), MediaType.OciManifest);
        var answer = await _mirror.Pulls.Manifests.GetAsync(_mirror.To(Name), new Reference(image.Manifest.Digest), Cancellation);
        Assert.Equal(UpstreamFailureKind.Invalid, answer.Failure!.Kind);
        Assert.True(_mirror.HasNothingOf(Name));
    }

    [Fact]
    public async Task GetAsync_NoDigestHeader_IsHashedAndKept()
    {
        var image = _upstream.Content.AddImage(Name, "1", [4096]);
        _upstream.OnManifests().ClaimHeader("Docker-Content-Digest", null);
        Assert.Equal(image.Manifest.Digest, (await GetAsync("1")).Manifest!.Digest);
    }

    [Fact]
    public async Task GetAsync_BodyThatNeverEnds_IsGivenUpAfterAMinute()
    {
        _upstream.Content.AddImage(Name, "1", [4096]);
        var gate = _upstream.OnManifests().StallAfter(10);
        var asked = GetAsync("1");
        await gate.Reached;
        _mirror.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(UpstreamFailureKind.Timeout, (await asked).Failure!.Kind);
    }

    [Theory]
    [InlineData("{\"schemaVersion\":2}", "text/html", MediaType.OciManifest)]
    [InlineData("{\"schemaVersion\":2}", MediaType.DockerManifest + "; charset=utf-8", MediaType.DockerManifest)]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"text/html\\r\\nX: y\"}", MediaType.DockerManifest, MediaType.DockerManifest)]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OciIndex + "\"}", MediaType.DockerManifest, MediaType.OciIndex)]
    [InlineData("{\"schemaVersion\":1,\"signatures\":[]}", MediaType.DockerSchema1Signed, MediaType.DockerSchema1Signed)]
    public async Task GetAsync_MediaType_IsOneThatAHeaderMayHold(string json, string contentType, string mediaType)
    {
        _upstream.Content.AddManifest(Name, "1", MediaType.OciManifest, new MemoryContent(json));
        _upstream.OnManifests().ClaimHeader("Content-Type", contentType);
        var manifest = (await GetAsync("1")).Manifest!;
        Assert.Equal(mediaType, manifest.MediaType);
        Assert.Equal(mediaType, _mirror.Store.Manifests.Find(RepositoryName.Parse(Name), manifest.Digest)!.MediaType);
    }

    [Fact]
    public async Task GetAsync_LargestManifest_IsTaken()
    {
        var json = $"{{\"a\":\"{new string('a', ManifestReader.MaxBytes - 8)}\"}}";
        _upstream.Content.AddManifest(Name, "1", MediaType.OciManifest, new MemoryContent(json));
        Assert.Equal(ManifestReader.MaxBytes, (await GetAsync("1")).Manifest!.Content.Length);
        Assert.Equal(CacheStatus.Hit, (await GetAsync("1")).Status);
    }

    private Task<ManifestAnswer> GetAsync(string tag) => _mirror.Pulls.Manifests.GetAsync(_mirror.To(Name), new Reference(Tag.Parse(tag)), Cancellation);
}
