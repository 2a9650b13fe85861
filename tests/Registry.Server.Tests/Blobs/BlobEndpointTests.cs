using System.Net;
using Registry.Storage.Content;
using Xunit;

namespace Registry.Server.Tests.Blobs;

public sealed class BlobEndpointTests : IAsyncLifetime
{
    private const string Name = "team/app";

    private static readonly byte[] Content = [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * 7))];

    private TestServer _server = null!;
    private Digest _blob;

    private string Url => $"/v2/{Name}/blobs/{_blob}";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _blob = _server.AddBlob(Name, Content);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Get_Blob_IsItsBytesWithTheHeadersOfDistribution()
    {
        using var response = await _server.GetAsync(Url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertHeaders(response);
        Assert.Equal("3000", response.Header("Content-Length"));
        Assert.Equal(Content, await response.BytesAsync());
    }

    [Fact]
    public async Task Head_Blob_HasTheHeadersOfGetAndNoBody()
    {
        using var response = await _server.HeadAsync(Url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertHeaders(response);
        Assert.Equal("3000", response.Header("Content-Length"));
        Assert.Empty(await response.BytesAsync());
    }

    [Fact]
    public async Task Get_Encodings_AreNeverUsed()
    {
        using var response = await _server.GetAsync(Url, ("Accept-Encoding", "zstd;q=1.0, gzip;q=0.8, deflate;q=0.5"));
        Assert.Null(response.Header("Content-Encoding"));
        Assert.Equal(Content, await response.BytesAsync());
    }

    [Theory]
    [InlineData("bytes=500-1499", 500, 1499)]
    [InlineData("bytes=500-", 500, 2999)]
    [InlineData("bytes=-500", 2500, 2999)]
    [InlineData("bytes=2000-5000", 2000, 2999)]
    [InlineData("bytes=0-0", 0, 0)]
    public async Task Get_Range_IsThatPart(string range, int first, int last)
    {
        using var response = await _server.GetAsync(Url, ("Range", range));
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        AssertHeaders(response);
        Assert.Equal($"bytes {first}-{last}/3000", response.Header("Content-Range"));
        Assert.Equal($"{last - first + 1}", response.Header("Content-Length"));
        Assert.Equal(Content[first..(last + 1)], await response.BytesAsync());
    }

    [Theory]
    [InlineData("bytes=500-0")]
    [InlineData("bytes=3000-")]
    [InlineData("bytes=-0")]
    public async Task Get_RangeThatIsNotThere_Is416WithTheLength(string range)
    {
        using var response = await _server.GetAsync(Url, ("Range", range));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal("bytes */3000", response.Header("Content-Range"));
    }

    [Theory]
    [InlineData("bytes=0-5,5-6")]
    [InlineData("bytes=x")]
    [InlineData("lines=0-1")]
    public async Task Get_OverlappingRangesOrNone_IsTheWhole(string range)
    {
        using var response = await _server.GetAsync(Url, ("Range", range));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Header("Content-Range"));
        Assert.Equal(Content, await response.BytesAsync());
    }

    [Fact]
    public async Task Get_EmptyBlob_IsNoBytes()
    {
        var empty = _server.AddBlob(Name, []);
        using var response = await _server.GetAsync($"/v2/{Name}/blobs/{empty}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("0", response.Header("Content-Length"));
        Assert.Empty(await response.BytesAsync());
        using var part = await _server.GetAsync($"/v2/{Name}/blobs/{empty}", ("Range", "bytes=0-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, part.StatusCode);
    }

    [Theory]
    [InlineData("\"{0}\"")]
    [InlineData("{0}")]
    [InlineData("W/\"{0}\"")]
    [InlineData("\"other\", \"{0}\"")]
    [InlineData("*")]
    public async Task Get_EntityThatTheClientHas_Is304(string format)
    {
        using var response = await _server.GetAsync(Url, ("If-None-Match", string.Format(null, format, _blob)));
        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
        Assert.Equal($"\"{_blob}\"", response.Header("ETag"));
        Assert.Empty(await response.BytesAsync());
    }

    [Fact]
    public async Task Get_OtherEntity_IsTheBlob()
    {
        using var response = await _server.GetAsync(Url, ("If-None-Match", "\"sha256:0000\""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Get_BlobOfAnotherRepository_Is404()
    {
        using var response = await _server.GetAsync($"/v2/team/other/blobs/{_blob}");
        await response.ExpectProblemAsync(404, "BLOB_UNKNOWN");
        using var head = await _server.HeadAsync($"/v2/team/other/blobs/{_blob}");
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Empty(await head.BytesAsync());
    }

    [Fact]
    public async Task Get_Sha512Blob_IsServedUnderThatName()
    {
        var digest = Digest.Of(DigestAlgorithm.Sha512, Content);
        _server.Store.Blobs.Put(digest, Content);
        _server.Store.Layers.Add(RepositoryName.Parse(Name), digest, digest);
        using var response = await _server.GetAsync($"/v2/{Name}/blobs/{digest}");
        Assert.Equal(digest.ToString(), response.Header("Docker-Content-Digest"));
        Assert.Equal(Content, await response.BytesAsync());
    }

    [Fact]
    public async Task Get_LargeBlobOnOneConnection_ComesWholeAndTheConnectionGoesOn()
    {
        var large = new byte[5_000_001];
        new Random(1).NextBytes(large);
        var digest = _server.AddBlob(Name, large);
        using var response = await _server.GetAsync($"/v2/{Name}/blobs/{digest}");
        Assert.Equal(large, await response.BytesAsync());
        using var again = await _server.GetAsync(Url);
        Assert.Equal(Content, await again.BytesAsync());
    }

    [Fact]
    public async Task Get_ClientLeaves_IsLoggedAsSuchAndNotReadToTheEnd()
    {
        var large = new byte[64 << 20];
        var digest = _server.AddBlob(Name, large);
        using (var response = await _server.GetAsync($"/v2/{Name}/blobs/{digest}"))
        {
            await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await body.ReadExactlyAsync(new byte[100], TestContext.Current.CancellationToken);
        }

        var fields = Assert.Single(await _server.AccessLinesAsync(1)).Split('"')[2].Trim().Split(' ');
        Assert.Equal("499", fields[0]);
        Assert.True(long.Parse(fields[1], null) < large.Length);
    }

    private void AssertHeaders(HttpResponseMessage response)
    {
        Assert.Equal(MediaType.OctetStream, response.Header("Content-Type"));
        Assert.Equal(_blob.ToString(), response.Header("Docker-Content-Digest"));
        Assert.Equal($"\"{_blob}\"", response.Header("ETag"));
        Assert.Equal("bytes", response.Header("Accept-Ranges"));
        Assert.Equal("max-age=31536000", response.Header("Cache-Control"));
        Assert.Equal("registry/2.0", response.Header("Docker-Distribution-API-Version"));
        Assert.Null(response.Header("X-Cache"));
        Assert.Null(response.Header("Age"));
        Assert.Null(response.Header("Server"));
    }
}
