using System.Net;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>
/// An upstream that accepts and says nothing. Clients give up after 30 s, so they hear something before; these tests take the 10 s that the server waits, all at once.
/// </summary>
public sealed class SilentUpstreamTests : FetchTest
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Read_UpstreamNeverAnswers_ClientsHearInTime()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Repository, "1", [8 * Mebi]);
        var described = image.Layers[0];
        var unknown = upstream.Content.AddBlob(Repository, new SeededContent(1, 8 * Mebi));
        var shared = upstream.Content.AddBlob("library/foreign", upstream.Content.Content(described.Digest));
        await using var server = await StartFetcherAsync("connections: 2", upstream);
        using (var manifest = await Client.GetAsync(new Uri(server.Url, $"/v2/{Repository}/manifests/1"), Token))
        {
            Assert.Equal(HttpStatusCode.OK, manifest.StatusCode);
        }

        var gate = upstream.OnBlobs().HoldHeaders();
        var withLength = GetAsync(server.Url, BlobPath(described.Digest));
        var withoutLength = GetAsync(server.Url, BlobPath(unknown.Digest));
        await upstream.Log.WaitForAsync(log => log.Requests.Any(request => request.Digest == described.Digest && request.IsBlob), Token);
        var joining = GetAsync(server.Url, BlobPath(shared.Digest, "library/foreign"));

        using var later = await withoutLength;
        using var foreign = await joining;
        using var promised = await withLength;

        Assert.All([later, foreign], response =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
        });
        Assert.Equal((HttpStatusCode.OK, described.Size), (promised.StatusCode, promised.Content.Headers.ContentLength));
        Assert.All(upstream.Log.Requests.Where(request => request.IsBlob), request => Assert.Equal(0, request.Status));

        gate.Release();
        var body = await promised.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(described.Digest, Storage.Content.Digest.Of(Storage.Content.DigestAlgorithm.Sha256, body));
        AssertAllRight([await ReadAsync(server, upstream, unknown.Digest)], server);
    }

    private Task<HttpResponseMessage> GetAsync(Uri server, string path) =>
        Client.GetAsync(new Uri(server, path), HttpCompletionOption.ResponseHeadersRead, Token);
}
