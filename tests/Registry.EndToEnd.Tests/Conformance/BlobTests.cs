using System.Globalization;
using System.Net;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>Pulling blobs, whole and in ranges.</summary>
public sealed class BlobTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    private const int Size = 3000;

    private static readonly byte[] Content = [.. Enumerable.Range(0, Size).Select(static i => (byte)(i * 7 % 251))];

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Blob_Whole_HasItsHeaders(string method)
    {
        var (path, digest) = await PushAsync(Content);

        var answer = (await Api.SendAsync(method, path, Token, null, ("Accept-Encoding", "zstd;q=1.0, gzip;q=0.8, deflate;q=0.5"))).Expect(HttpStatusCode.OK);

        Assert.Equal(method == "GET" ? Content : [], answer.Body);
        Assert.Equal(Size.ToString(CultureInfo.InvariantCulture), answer.Header("Content-Length"));
        Assert.Equal(digest.ToString(), answer.Header("Docker-Content-Digest"));
        Assert.Equal("application/octet-stream", answer.Header("Content-Type"));
        Assert.Equal($"\"{digest}\"", answer.Header("ETag"));
        Assert.Equal("bytes", answer.Header("Accept-Ranges"));
        Assert.Null(answer.Header("Content-Encoding"));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("bytes=500-1499", 500, 1500)]
    [InlineData("bytes=500-", 500, Size)]
    [InlineData("bytes=-500", Size - 500, Size)]
    [InlineData("bytes=-99999", 0, Size)]
    [InlineData("bytes=2000-5000", 2000, Size)]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=2999-2999", 2999, Size)]
    [InlineData("bytes=0-99999999999999999999999", 0, Size)]
    public async Task Blob_Range_IsThatPart(string range, int first, int end)
    {
        var (path, _) = await PushAsync(Content);

        var answer = (await Api.GetAsync(path, Token, ("Range", range))).Expect(HttpStatusCode.PartialContent);

        Assert.Equal(Content[first..end], answer.Body);
        Assert.Equal($"bytes {first}-{end - 1}/{Size}", answer.Header("Content-Range"));
        Assert.Equal((end - first).ToString(CultureInfo.InvariantCulture), answer.Header("Content-Length"));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("bytes=500-0")]
    [InlineData("bytes=3000-")]
    [InlineData("bytes=3000-3001")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=99999999999999999999999-")]
    public async Task Blob_RangeThatItDoesNotHave_Is416WithItsLength(string range)
    {
        var (path, _) = await PushAsync(Content);

        var answer = (await Api.GetAsync(path, Token, ("Range", range))).Expect(HttpStatusCode.RequestedRangeNotSatisfiable);

        Assert.Equal($"bytes */{Size}", answer.Header("Content-Range"));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("bytes=abc")]
    [InlineData("bytes=1-2x")]
    [InlineData("items=0-1")]
    [InlineData("bytes=")]
    [InlineData("bytes=0-1,5-6")]
    public async Task Blob_RangeThatIsNotUnderstood_IsTheWholeOrEveryPart(string range)
    {
        var (path, _) = await PushAsync(Content);

        var answer = await Api.GetAsync(path, Token, ("Range", range));

        if (answer.Status == HttpStatusCode.PartialContent)
        {
            Assert.StartsWith("multipart/byteranges", answer.Header("Content-Type"));
        }
        else
        {
            Assert.Equal(Content, answer.Expect(HttpStatusCode.OK).Body);
        }
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("{}", "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")]
    public async Task Blob_SmallestOfAll_IsStoredAndServed(string text, string digest)
    {
        var (path, pushed) = await PushAsync(System.Text.Encoding.ASCII.GetBytes(text));

        Assert.Equal(digest, pushed.ToString());
        Assert.Equal(text, (await Api.GetAsync(path, Token)).Expect(HttpStatusCode.OK).Text);
        Assert.Equal(text.Length.ToString(CultureInfo.InvariantCulture), (await Api.SendAsync("HEAD", path, Token)).Expect(HttpStatusCode.OK).Header("Content-Length"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Blob_EmptyWithARange_Is416OrTheWhole()
    {
        var (path, _) = await PushAsync([]);

        var answer = await Api.GetAsync(path, Token, ("Range", "bytes=0-"));

        Assert.Contains(answer.Status, new[] { HttpStatusCode.RequestedRangeNotSatisfiable, HttpStatusCode.OK });
        Assert.Empty(answer.Body);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Blob_ClientHasIt_Is304()
    {
        var (path, digest) = await PushAsync(Content);

        Assert.Empty((await Api.GetAsync(path, Token, ("If-None-Match", $"\"{digest}\""))).Expect(HttpStatusCode.NotModified).Body);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Blob_OfAnotherRepository_IsUnknown()
    {
        var (_, digest) = await PushAsync([.. Content, 1]);

        (await Api.GetAsync($"/v2/{NewRepository()}/blobs/{digest}", Token)).ExpectError(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
    }

    private async Task<(string Path, Digest Digest)> PushAsync(byte[] content)
    {
        var repository = NewRepository();
        var digest = await Api.PushBlobAsync(repository, content, Token);
        return ($"/v2/{repository}/blobs/{digest}", digest);
    }
}
