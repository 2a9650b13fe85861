using System.Net;
using System.Text;
using Registry.Storage.Content;
using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.Server.Tests;

/// <summary>What clients see of an upstream through the server, in good days and bad.</summary>
public sealed class MirroringTests : IAsyncLifetime
{
    private const string Name = "library/nginx";

    private ScriptedUpstream _upstream = null!;
    private TestServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Cancellation);
        _server = await TestServer.StartAsync(_upstream);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Get_ImageTwice_IsFilledAndThenHit()
    {
        var image = _upstream.Content.AddImage(Name, "1", [200_000]);
        foreach (var status in new[] { "fill", "hit" })
        {
            using var manifest = await _server.GetAsync($"/v2/{Name}/manifests/1");
            Assert.Equal(status, manifest.Header("X-Cache"));
            Assert.Matches("^[0-9]+$", manifest.Header("Age"));
            Assert.Equal(MediaType.OciManifest, manifest.Header("Content-Type"));
            Assert.Equal(image.Manifest.Digest, Digest.Of(DigestAlgorithm.Sha256, await manifest.BytesAsync()));
            foreach (var blob in image.Blobs)
            {
                using var response = await _server.GetAsync($"/v2/{Name}/blobs/{blob.Digest}");
                Assert.Equal(status, response.Header("X-Cache"));
                Assert.Equal($"{blob.Size}", response.Header("Content-Length"));
                Assert.Equal(blob.Digest, Digest.Of(DigestAlgorithm.Sha256, await response.BytesAsync()));
                await StoredAsync(blob.Digest);
            }
        }

        Assert.All(image.Blobs, blob => Assert.Equal(blob.Size, _upstream.Log.BytesSent(blob.Digest)));
    }

    [Theory]
    [InlineData("docker.io")]
    [InlineData("registry-1.docker.io")]
    public async Task Get_WithNamespace_SaysWhoseItIs(string ns)
    {
        _upstream.Content.AddImage(Name, "1", [4096]);
        using var response = await _server.GetAsync($"/v2/{Name}/manifests/1?ns={ns}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("docker.io", response.Header("OCI-Namespace"));
        using var without = await _server.GetAsync($"/v2/{Name}/manifests/1");
        Assert.Null(without.Header("OCI-Namespace"));
    }

    [Fact]
    public async Task Get_NamespaceThatIsNotConfigured_AsksNobody()
    {
        using var response = await _server.GetAsync($"/v2/{Name}/manifests/1?ns=127.0.0.1:{_upstream.Port}");
        Assert.Contains("mirror.upstreams", await response.ExpectProblemAsync(404, "NAME_UNKNOWN"), StringComparison.Ordinal);
        Assert.Empty(_upstream.Log.Requests);
    }

    [Theory]
    [InlineData(404, 404, "MANIFEST_UNKNOWN")]
    [InlineData(401, 404, "MANIFEST_UNKNOWN")]
    [InlineData(403, 404, "MANIFEST_UNKNOWN")]
    [InlineData(500, 502, "UNAVAILABLE")]
    [InlineData(418, 502, "UNAVAILABLE")]
    public async Task GetManifest_UpstreamRefuses_ClientHearsWhoseRefusalItWas(int answered, int status, string code)
    {
        _upstream.OnManifests().Answer(answered);
        using var response = await _server.GetAsync($"/v2/{Name}/manifests/1");
        Assert.Contains("docker.io", await response.ExpectProblemAsync(status, code), StringComparison.Ordinal);
        Assert.Null(response.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task GetManifest_UpstreamIsBusy_ClientHearsWhenToAskAgain()
    {
        _upstream.OnManifests().Answer(429, TimeSpan.FromSeconds(77));
        using var response = await _server.GetAsync($"/v2/{Name}/manifests/1");
        await response.ExpectProblemAsync(429, "TOOMANYREQUESTS");
        Assert.Equal("77", response.Header("Retry-After"));
    }

    [Fact]
    public async Task GetManifest_UpstreamDown_Is502AndTheOldCopyIsStale()
    {
        var image = _upstream.Content.AddImage(Name, "1", [4096]);
        using (await _server.GetAsync($"/v2/{Name}/manifests/1"))
        {
        }

        await _upstream.StopAsync();
        using (var unknown = await _server.GetAsync($"/v2/{Name}/manifests/2"))
        {
            await unknown.ExpectProblemAsync(502, "UNAVAILABLE");
            Assert.Equal("5", unknown.Header("Retry-After"));
        }

        File.SetLastWriteTimeUtc(_server.Store.Layout.TagCurrent(RepositoryName.Parse(Name), Tag.Parse("1")), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var stale = await _server.GetAsync($"/v2/{Name}/manifests/1");
        Assert.Equal("stale", stale.Header("X-Cache"));
        Assert.True(long.Parse(stale.Header("Age")!, null) > 100_000_000);
        Assert.Equal(image.Manifest.Digest.ToString(), stale.Header("Docker-Content-Digest"));
    }

    [Fact]
    public async Task GetManifest_UpstreamSendsAWebPage_Is502()
    {
        _upstream.OnManifests().AnswerHtml();
        using var response = await _server.GetAsync($"/v2/{Name}/manifests/1");
        await response.ExpectProblemAsync(502, "UNAVAILABLE");
    }

    [Theory]
    [InlineData(404, 404, "BLOB_UNKNOWN")]
    [InlineData(403, 404, "BLOB_UNKNOWN")]
    public async Task GetBlob_UpstreamRefuses_IsUnknown(int answered, int status, string code)
    {
        var content = new SeededContent(7, 4096);
        _upstream.OnBlobs().Answer(answered);
        using var response = await _server.GetAsync($"/v2/{Name}/blobs/{content.Digest}");
        await response.ExpectProblemAsync(status, code);
        Assert.Null(response.Header("Accept-Ranges"));
        Assert.Null(response.Header("Cache-Control"));
    }

    [Theory]
    [InlineData(4_000)]
    [InlineData(300_000)]
    public async Task GetBlob_WrongBytesFromUpstream_NeverCompletesAndIsNotKept(int length)
    {
        var blob = _upstream.Content.AddBlob(Name, new SeededContent(7, length));
        _upstream.OnBlobs().Corrupt(length / 2);
        long received = 0;
        using var response = await _server.GetAsync($"/v2/{Name}/blobs/{blob.Digest}");
        if (response.StatusCode == HttpStatusCode.OK)
        {
            var body = await response.Content.ReadAsStreamAsync(Cancellation);
            var buffer = new byte[10_000];
            await Assert.ThrowsAnyAsync<IOException>(async () =>
            {
                int read;
                while ((read = await body.ReadAsync(buffer, Cancellation)) > 0)
                {
                    received += read;
                }
            });
        }
        else
        {
            await response.ExpectProblemAsync(502, "UNAVAILABLE");
        }

        Assert.True(received < length);
        Assert.Null(_server.Store.Blobs.Length(blob.Digest));
        Assert.Null(_server.Store.Layers.Find(RepositoryName.Parse(Name), blob.Digest));
    }

    [Fact]
    public async Task GetBlob_RangeDuringTheFetch_IsThatPart()
    {
        var content = new SeededContent(7, 1 << 20);
        var blob = _upstream.Content.AddBlob(Name, content);
        var gate = _upstream.OnBlob(blob.Digest).First().StallAfter(200_000);
        using var whole = await _server.GetAsync($"/v2/{Name}/blobs/{blob.Digest}");
        using (var part = await _server.GetAsync($"/v2/{Name}/blobs/{blob.Digest}", ("Range", "bytes=1000-1999")))
        {
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal($"bytes 1000-1999/{1 << 20}", part.Header("Content-Range"));
            var expected = new byte[1000];
            content.Read(1000, expected);
            Assert.Equal(expected, await part.BytesAsync());
        }

        gate.Release();
        Assert.Equal(blob.Digest, Digest.Of(DigestAlgorithm.Sha256, await whole.BytesAsync()));
    }

    [Fact]
    public async Task GetBlob_SeveralRangesDuringTheFetch_AreThePartsInTheOrderAsked()
    {
        const int Size = 1 << 20;
        var content = new SeededContent(8, Size);
        var blob = _upstream.Content.AddBlob(Name, content);
        var gate = _upstream.OnBlob(blob.Digest).First().StallAfter(200_000);
        using var whole = await _server.GetAsync($"/v2/{Name}/blobs/{blob.Digest}");
        using var response = await _server.GetAsync($"/v2/{Name}/blobs/{blob.Digest}", ("Range", "bytes=150000-150999,1000-1999,-1000"));
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        var boundary = response.Header("Content-Type")!.Split("boundary=")[1];
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);

        // What is there is not held back for what is not.
        await AssertNextAsync(body, content, boundary, "", 150_000);
        await AssertNextAsync(body, content, boundary, "\r\n", 1000);
        gate.Release();
        await AssertNextAsync(body, content, boundary, "\r\n", Size - 1000);
        using var end = new StreamReader(body);
        Assert.Equal($"\r\n--{boundary}--\r\n", await end.ReadToEndAsync(Cancellation));
        Assert.Equal(blob.Digest, Digest.Of(DigestAlgorithm.Sha256, await whole.BytesAsync()));
    }

    [Fact]
    public async Task HeadBlob_RepositoryWithoutAKind_Is404AndNobodyIsAsked()
    {
        var blob = _upstream.Content.AddBlob(Name, new SeededContent(7, 4096));
        using var response = await _server.HeadAsync($"/v2/{Name}/blobs/{blob.Digest}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(_upstream.Log.Requests);
    }

    [Fact]
    public async Task GetTags_MirroredPages_LeadThroughUs()
    {
        foreach (var tag in new[] { "a", "b", "c" })
        {
            _upstream.Content.AddImage(Name, tag, [4096]);
        }

        using var response = await _server.GetAsync($"/v2/{Name}/tags/list?n=2&ns=docker.io");
        Assert.Equal("fill", response.Header("X-Cache"));
        Assert.Equal($"</v2/{Name}/tags/list?ns=docker.io&last=b&n=2>; rel=\"next\"", response.Header("Link"));
        Assert.Equal("""{"name":"library/nginx","tags":["a","b"]}""", await response.TextAsync());
    }

    [Fact]
    public async Task Get_OverlongBareName_IsRefusedRatherThanAFault()
    {
        using var response = await _server.GetAsync($"/v2/{new string('a', 250)}/manifests/1");
        await response.ExpectProblemAsync(400, "NAME_INVALID");
    }

    // The next part is the thousand bytes from there.
    private static async Task AssertNextAsync(Stream body, SeededContent content, string boundary, string separator, int first)
    {
        var head = $"{separator}--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes {first}-{first + 999}/{content.Length}\r\n\r\n";
        var expected = new byte[head.Length + 1000];
        Encoding.ASCII.GetBytes(head, expected);
        content.Read(first, expected.AsSpan(head.Length));
        var actual = new byte[expected.Length];
        await body.ReadExactlyAsync(actual, Cancellation);
        Assert.Equal(expected, actual);
    }

    private async Task StoredAsync(Digest digest)
    {
        while (_server.Store.Layers.Find(RepositoryName.Parse(Name), digest) is null || _server.Store.Blobs.Length(digest) is null)
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
