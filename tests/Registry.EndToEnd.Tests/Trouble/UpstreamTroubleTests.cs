using System.Net;
using System.Text.Json;
using Registry.EndToEnd.Clients;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Trouble;

/// <summary>What clients hear when the upstream talks rubbish: OCI's JSON error, in time, and never wrong content.</summary>
public sealed class UpstreamTroubleTests : ServerTest
{
    private const string Repository = "library/alpine";

    private readonly HttpClient _client = new();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Manifest_UpstreamAnswersAWebPage_IsAnOciError()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Repository, "1", [3000]);
        upstream.On(_ => true).AnswerHtml();
        await using var server = await StartMirrorAsync(upstream.Url);

        var (status, _) = await ErrorAsync(server, $"{Repository}/manifests/1");

        Assert.InRange((int)status, 500, 599);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Manifest_UpstreamFails_IsAnOciErrorOfTheServers(int answer)
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Repository, "1", [3000]);
        upstream.On(_ => true).Answer(answer);
        await using var server = await StartMirrorAsync(upstream.Url);

        var (status, _) = await ErrorAsync(server, $"{Repository}/manifests/1");

        Assert.InRange((int)status, 500, 599);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Manifest_UpstreamIsGone_IsAnOciError()
    {
        await using var upstream = await StartUpstreamAsync();
        await using var server = await StartMirrorAsync(upstream.Url);
        await upstream.StopAsync();

        var (status, _) = await ErrorAsync(server, $"{Repository}/manifests/1");

        Assert.InRange((int)status, 500, 599);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Manifest_UnknownUpstream_IsUnknown()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Repository, "1", [3000]);
        await using var server = await StartMirrorAsync(upstream.Url);

        Assert.Equal((HttpStatusCode.NotFound, "MANIFEST_UNKNOWN"), await ErrorAsync(server, $"{Repository}/manifests/2"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Manifest_UpstreamLimitsUs_PassesTheLimitOn()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Repository, "1", [3000]);
        upstream.OnManifests().Answer(429, retryAfter: TimeSpan.FromMinutes(5));
        await using var server = await StartMirrorAsync(upstream.Url);

        Assert.Equal((HttpStatusCode.TooManyRequests, "TOOMANYREQUESTS"), await ErrorAsync(server, $"{Repository}/manifests/1"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Manifest_OfFiveMebibytes_IsRefused()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddManifest(Repository, "1", MediaType.OciManifest, new SeededContent(1, 5 << 20));
        await using var server = await StartMirrorAsync(upstream.Url);

        var (status, _) = await ErrorAsync(server, $"{Repository}/manifests/1");

        Assert.True((int)status >= 400);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Blob_CorruptUpstream_NeverReachesAClientWhole()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Repository, "1", [100_000]);
        upstream.OnBlob(image.Layers[0].Digest).Corrupt(50_000);
        await using var server = await StartMirrorAsync(upstream.Url);

        var read = 0L;
        try
        {
            using var response = await _client.GetAsync(
                new Uri(server.Url, $"/v2/{Repository}/blobs/{image.Layers[0].Digest}"), HttpCompletionOption.ResponseHeadersRead, Token);
            await using var body = await response.Content.ReadAsStreamAsync(Token);
            var buffer = new byte[4096];
            while (response.IsSuccessStatusCode && await body.ReadAsync(buffer, Token) is > 0 and var count)
            {
                read += count;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // Broken off: what a client must see.
        }

        Assert.True(read < image.Layers[0].Size, "All bytes of a corrupt blob arrived.");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Blob_UpstreamRecovers_IsPulledAfterwards()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Repository, "1", [100_000]);
        var fault = upstream.OnBlobs().First().AnswerHtml();
        await using var server = await StartMirrorAsync(upstream.Url);

        // How long the server leaves a broken upstream alone is its own affair; that it comes back is not.
        var target = Directory.File("pulled");
        await server.Process.WaitUntilAsync(
            async token => (await Skopeo.TryPullAsync($"{server.Host}/{Repository}:1", target, token)).ExitCode == 0, Token);

        Assert.Equal(1, fault.Hits);
        await PulledDirectory.AssertHoldsAsync(target, image, Token);
    }

    protected override void Dispose(bool disposing)
    {
        _client.Dispose();
        base.Dispose(disposing);
    }

    private async Task<(HttpStatusCode Status, string Code)> ErrorAsync(RegistryProcess server, string path)
    {
        using var response = await _client.GetAsync(new Uri(server.Url, $"/v2/{path}"), Token);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        var first = error.RootElement.GetProperty("errors").EnumerateArray().First();
        Assert.NotEqual("", first.GetProperty("message").GetString());
        return (response.StatusCode, first.GetProperty("code").GetString()!);
    }
}
