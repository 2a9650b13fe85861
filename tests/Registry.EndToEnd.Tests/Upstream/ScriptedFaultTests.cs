using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Registry.Storage.Content;
using Registry.Testing;
using Registry.Testing.Authentication;
using Registry.Testing.Images;
using Registry.Testing.Redirects;
using Registry.Testing.Requests;
using Registry.Testing.Serving;
using Xunit;

namespace Registry.EndToEnd.Upstream;

/// <summary>That what the scripted upstream is told to do wrong reaches the client, and nothing else does.</summary>
public sealed class ScriptedFaultTests : IDisposable
{
    private const string Repository = "library/alpine";
    private const int Size = 1 << 20;

    private readonly HttpClient _client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Range_OneOfABlob_AnswersThoseBytes()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);

        using var request = new HttpRequestMessage(HttpMethod.Get, Url(upstream, blob));
        request.Headers.Range = new RangeHeaderValue(1001, 3000);
        using var response = await _client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes 1001-3000/{Size}", response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(Expected(blob, upstream)[1001..3001], await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ResetAfter_SoManyBytes_BreaksTheBodyThere()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);
        upstream.OnBlob(blob.Digest).First().ResetAfter(5000);

        var (read, failure) = await ReadAsync(Url(upstream, blob));
        using var second = await _client.GetAsync(Url(upstream, blob), Token);

        Assert.True(read <= 5000);
        Assert.Equal(SocketError.ConnectionReset, (failure?.GetBaseException() as SocketException)?.SocketErrorCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task CloseAfter_SoManyBytes_DeliversExactlyThem()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);
        upstream.OnBlob(blob.Digest).CloseAfter(5000);

        var (read, failure) = await ReadAsync(Url(upstream, blob));

        Assert.Equal(5000, read);
        Assert.NotNull(failure);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StallAfter_UntilReleased_DeliversTheRestThen()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);
        var gate = upstream.OnBlob(blob.Digest).StallAfter(5000);

        var body = ReadAsync(Url(upstream, blob));
        await gate.Reached.WaitAsync(Token);
        Assert.Equal(5000, upstream.Log.BytesSent(blob.Digest));
        gate.Release();
        var (read, failure) = await body;

        Assert.Null(failure);
        Assert.Equal(Size, read);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task HoldHeaders_UntilReleased_AnswersNothing()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);
        var gate = upstream.OnBlobs().HoldHeaders();

        var answer = _client.GetAsync(Url(upstream, blob), Token);
        await gate.Reached.WaitAsync(Token);
        Assert.Equal(0, Assert.Single(upstream.Log.Requests).Status);
        gate.Release();
        using var response = await answer;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Corrupt_OneByte_ChangesThatByteInAnyRange()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);
        upstream.OnBlob(blob.Digest).Corrupt(700_000);

        var body = await _client.GetByteArrayAsync(Url(upstream, blob), Token);

        var expected = Expected(blob, upstream);
        expected[700_000] ^= 0xFF;
        Assert.Equal(expected, body);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task IgnoreRange_RangeAskedFor_AnswersTheWhole()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);
        upstream.OnBlobs().IgnoreRange();
        _client.DefaultRequestHeaders.Range = new RangeHeaderValue(100, null);

        using var response = await _client.GetAsync(Url(upstream, blob), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Size, response.Content.Headers.ContentLength);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ClaimLength_MoreThanThereIs_EndsEarly()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);
        upstream.OnBlobs().ClaimLength(Size + 10);

        var (read, failure) = await ReadAsync(Url(upstream, blob));

        Assert.Equal(Size, read);
        Assert.NotNull(failure);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Answer_TheSecondHeadOnly_StrikesNoOther()
    {
        await using var upstream = await StartAsync();
        var manifest = upstream.Content.AddImage(Repository, "1", [3000]).Manifest;
        var fault = upstream.OnManifests().Method("HEAD").Nth(2).Answer(429, retryAfter: TimeSpan.FromSeconds(7));

        var statuses = new List<int>();
        foreach (var method in new[] { HttpMethod.Head, HttpMethod.Get, HttpMethod.Head, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, $"{upstream.Url}v2/{Repository}/manifests/{manifest.Digest}");
            using var response = await _client.SendAsync(request, Token);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 200, 429, 200], statuses);
        Assert.Equal(1, fault.Hits);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ClaimHeader_NullForTheDigest_LeavesItOut()
    {
        await using var upstream = await StartAsync();
        upstream.Content.AddImage(Repository, "1", [3000]);
        upstream.OnManifests().ClaimHeader("Docker-Content-Digest", null);

        using var response = await _client.GetAsync($"{upstream.Url}v2/{Repository}/manifests/1", Token);

        Assert.False(response.Headers.Contains("Docker-Content-Digest"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StopAndStart_SamePort_RefusesThenAnswers()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);
        var gate = upstream.OnBlobs().First().StallAfter(1000);
        var broken = ReadAsync(Url(upstream, blob));
        await gate.Reached.WaitAsync(Token);

        await upstream.StopAsync();
        var (_, failure) = await broken;
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(Url(upstream, blob), Token));
        await upstream.StartAsync(Token);
        using var response = await _client.GetAsync(Url(upstream, blob), Token);

        Assert.NotNull(failure);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Links_GoodOnce_ExpireAfterThat()
    {
        await using var upstream = await StartAsync(new ScriptedUpstreamOptions { Redirects = RedirectStyle.Cdn });
        var blob = AddBlob(upstream);
        upstream.Links.UsesPerLink = 1;
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        using var redirect = await client.GetAsync(Url(upstream, blob), Token);

        using var first = await client.GetAsync(redirect.Headers.Location, Token);
        using var second = await client.GetAsync(redirect.Headers.Location, Token);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, second.StatusCode);
        Assert.Equal(1, upstream.Log.Count(r => r.Part == UpstreamPart.Cdn && r.BytesSent == Size));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Tokens_RevokedInTheMiddle_AreChallengedAgain()
    {
        await using var upstream = await StartAsync(
            new ScriptedUpstreamOptions { Authentication = new UpstreamAuthentication.Bearer { ChallengeScope = "repository:user/image:pull" } });
        var blob = AddBlob(upstream);
        using var challenged = await _client.GetAsync($"{upstream.Url}v2/", Token);
        var realm = challenged.Headers.WwwAuthenticate.Single().Parameter!.Split('"')[1];
        await _client.GetByteArrayAsync($"{realm}?scope=repository:{Repository}:pull", Token);
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "token-1");

        using var allowed = await _client.GetAsync(Url(upstream, blob), Token);
        upstream.Tokens.RevokeAll();
        using var refused = await _client.GetAsync(Url(upstream, blob), Token);

        Assert.Contains("repository:user/image:pull", challenged.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Tls_OwnAuthority_IsTrustedByWhoKnowsIt()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        await using var upstream = await StartAsync(new ScriptedUpstreamOptions { Certificates = certificates });
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("ca.pem"), certificates.AuthorityPem, Token);

        var curl = await Testing.Processes.Command.RunAsync(
            "curl", ["--silent", "--show-error", "--cacert", directory.File("ca.pem"), $"{upstream.Url}v2/"], Token);

        Assert.Equal("{}", curl.Succeeded());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Log_ConditionAwaited_CompletesWithTheRequest()
    {
        await using var upstream = await StartAsync();
        var blob = AddBlob(upstream);

        var seen = upstream.Log.WaitForAsync(log => log.Requests.Any(r => r.Ended && r.BytesSent == Size), Token);
        await ReadAsync(Url(upstream, blob));
        await seen;

        var request = Assert.Single(upstream.Log.Requests);
        Assert.True(request is { Part: UpstreamPart.Registry, Method: "GET", Status: 200, IsBlob: true });
        Assert.Equal(1, upstream.Log.ConnectionsOpened);
    }

    public void Dispose() => _client.Dispose();

    private static Task<ScriptedUpstream> StartAsync(ScriptedUpstreamOptions? options = null) =>
        ScriptedUpstream.StartAsync(options ?? new ScriptedUpstreamOptions(), Token);

    private static Descriptor AddBlob(ScriptedUpstream upstream) => upstream.Content.AddBlob(Repository, new SeededContent(7, Size));

    private static string Url(ScriptedUpstream upstream, Descriptor blob) => $"{upstream.Url}v2/{Repository}/blobs/{blob.Digest}";

    private static byte[] Expected(Descriptor blob, ScriptedUpstream upstream)
    {
        var bytes = new byte[blob.Size];
        upstream.Content.Content(blob.Digest).Read(0, bytes);
        return bytes;
    }

    private async Task<(long Read, Exception? Failure)> ReadAsync(string url)
    {
        var read = 0L;
        try
        {
            using var response = await _client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, Token);
            await using var body = await response.Content.ReadAsStreamAsync(Token);
            var buffer = new byte[16 * 1024];
            while (await body.ReadAsync(buffer, Token) is > 0 and var count)
            {
                read += count;
            }

            return (read, null);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return (read, e);
        }
    }
}
