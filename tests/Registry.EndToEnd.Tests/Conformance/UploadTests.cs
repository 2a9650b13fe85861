using System.Net;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>Pushing blobs, in every way that the specification has.</summary>
public sealed class UploadTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    private static readonly byte[] First = [.. Enumerable.Range(0, 1000).Select(static i => (byte)(i % 253))];
    private static readonly byte[] Second = [.. Enumerable.Range(0, 1500).Select(static i => (byte)(i % 241))];
    private static readonly byte[] Whole = [.. First, .. Second];
    private static readonly Digest WholeDigest = Digest.Of(DigestAlgorithm.Sha256, Whole);

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Begin_Session_SaysWhereAndHowMuch()
    {
        var repository = NewRepository();

        var answer = (await Api.SendAsync("POST", $"/v2/{repository}/blobs/uploads/", Token)).Expect(HttpStatusCode.Accepted);

        Assert.StartsWith($"/v2/{repository}/blobs/uploads/", answer.Location);
        Assert.Equal("0-0", answer.Header("Range"));
        Assert.Equal("0", answer.Header("Content-Length"));
        Assert.EndsWith(answer.Header("Docker-Upload-UUID")!, answer.Location);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("POST, PUT", false, false)]
    [InlineData("POST, PATCH, PUT", false, false)]
    [InlineData("POST, PATCH, PUT", true, false)]
    [InlineData("POST, PATCH, PUT", false, true)]
    [InlineData("POST, PATCH, PUT with the last chunk", false, false)]
    [InlineData("POST, PATCH, PUT with the last chunk", true, false)]
    [InlineData("POST, PATCH, PATCH, PUT", true, false)]
    [InlineData("POST, PATCH, PATCH, PUT", false, true)]
    public async Task Push_InAnyWay_MakesTheBlob(string way, bool withRange, bool isChunked)
    {
        var repository = NewRepository();
        var location = await Api.BeginAsync(repository, Token);
        if (way.Contains("PATCH, PATCH", StringComparison.Ordinal))
        {
            location = await PatchAsync(location, First, 0, withRange, isChunked);
            location = await PatchAsync(location, Second, First.Length, withRange, isChunked);
        }
        else if (way.Contains("last chunk", StringComparison.Ordinal))
        {
            location = await PatchAsync(location, First, 0, withRange, isChunked);
        }
        else if (way.Contains("PATCH", StringComparison.Ordinal))
        {
            location = await PatchAsync(location, Whole, 0, withRange, isChunked);
        }

        var last = way.EndsWith("last chunk", StringComparison.Ordinal) ? Second : way == "POST, PUT" ? Whole : [];
        var headers = withRange && last.Length > 0 ? new[] { ("Content-Range", $"{First.Length}-{Whole.Length - 1}") } : [];
        var done = (await Api.FinishAsync(location, WholeDigest.ToString(), Token, last, headers)).Expect(HttpStatusCode.Created);

        Assert.Equal(WholeDigest.ToString(), done.Header("Docker-Content-Digest"));
        Assert.Equal("0", done.Header("Content-Length"));
        Assert.Equal(Whole, (await Api.GetAsync(done.Location, Token)).Expect(HttpStatusCode.OK).Body);
        (await Api.GetAsync(location, Token)).ExpectError(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_NoContentTypeAtAll_IsTaken()
    {
        var location = await Api.BeginAsync(NewRepository(), Token);

        (await Api.SendAsync("PATCH", location, Token, new ByteArrayContent(Whole))).Expect(HttpStatusCode.Accepted);

        (await Api.FinishAsync(location, WholeDigest.ToString(), Token)).Expect(HttpStatusCode.Created);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Patch_OutOfOrder_Is416AndTheSessionGoesOn()
    {
        var location = await PatchAsync(await Api.BeginAsync(NewRepository(), Token), First, 0, withRange: true, isChunked: false);

        foreach (var range in new[] { "1500-2999", "0-1499", "999-2498" })
        {
            var refused = (await Api.PatchAsync(location, Second, Token, ("Content-Range", range))).Expect(HttpStatusCode.RequestedRangeNotSatisfiable);
            Assert.Equal("0-999", refused.Header("Range"));
            Assert.Equal(location, refused.Location);
        }

        (await Api.FinishAsync(location, WholeDigest.ToString(), Token, Second, ("Content-Range", "0-1499"))).Expect(HttpStatusCode.RequestedRangeNotSatisfiable);
        var state = (await Api.GetAsync(location, Token)).Expect(HttpStatusCode.NoContent);
        Assert.Equal("0-999", state.Header("Range"));
        (await Api.PatchAsync(state.Location, Second, Token, ("Content-Range", "1000-2499"))).Expect(HttpStatusCode.Accepted);
        (await Api.FinishAsync(location, WholeDigest.ToString(), Token)).Expect(HttpStatusCode.Created);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("0-998")]
    [InlineData("0-1000")]
    [InlineData("999-0")]
    [InlineData("bytes 0-999/1000")]
    [InlineData("0-")]
    [InlineData("-999")]
    [InlineData("0-999/1000")]
    [InlineData("0-9223372036854775807")]
    [InlineData("0-99999999999999999999999999")]
    [InlineData("a-b")]
    [InlineData("0x0-0x3e7")]
    public async Task Patch_ContentRangeThatTheBodyIsNot_Is400AndNothingIsKept(string range)
    {
        var location = await Api.BeginAsync(NewRepository(), Token);

        (await Api.PatchAsync(location, First, Token, ("Content-Range", range))).ExpectError(HttpStatusCode.BadRequest, "SIZE_INVALID");

        Assert.Equal("0-0", (await Api.GetAsync(location, Token)).Expect(HttpStatusCode.NoContent).Header("Range"));
        (await Api.FinishAsync(location, WholeDigest.ToString(), Token, Whole)).Expect(HttpStatusCode.Created);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("PATCH", 1000, 2498)]
    [InlineData("PATCH", 1000, 2500)]
    [InlineData("PATCH", 1000, 1000)]
    [InlineData("PUT", 1000, 2498)]
    [InlineData("PUT", 1000, 2500)]
    public async Task Append_StreamThatItsContentRangeContradicts_Is400AndTheSessionIsAsBefore(string method, int first, int last)
    {
        var location = await PatchAsync(await Api.BeginAsync(NewRepository(), Token), First, 0, withRange: true, isChunked: true);

        var query = method == "PUT" ? $"?digest={WholeDigest}" : "";
        var refused = await Api.SendAsync(
            method, $"{location}{query}", Token, new ByteArrayContent(Second), ("Content-Range", $"{first}-{last}"), ("Transfer-Encoding", "chunked"));

        refused.ExpectError(HttpStatusCode.BadRequest, "SIZE_INVALID");
        Assert.Equal("0-999", refused.Header("Range"));
        Assert.Equal("0-999", (await Api.GetAsync(refused.Location, Token)).Expect(HttpStatusCode.NoContent).Header("Range"));
        location = await PatchAsync(location, Second, First.Length, withRange: true, isChunked: true);
        (await Api.FinishAsync(location, WholeDigest.ToString(), Token)).Expect(HttpStatusCode.Created);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Append_LargeStreamThatItsContentRangeContradicts_LeavesNoByteOfIt()
    {
        var content = new byte[5_000_000];
        new Random(3).NextBytes(content);
        var location = await PatchAsync(await Api.BeginAsync(NewRepository(), Token), content[..2_000_000], 0, withRange: false, isChunked: true);

        (await Api.PatchAsync(location, new byte[4_000_000], Token, ("Content-Range", "2000000-4999999"), ("Transfer-Encoding", "chunked")))
            .ExpectError(HttpStatusCode.BadRequest, "SIZE_INVALID");

        var done = await Api.FinishAsync(
            location, Digest.Of(DigestAlgorithm.Sha256, content).ToString(), Token, content[2_000_000..], ("Content-Range", "2000000-4999999"));
        Assert.Equal(content, (await Api.GetAsync(done.Expect(HttpStatusCode.Created).Location, Token)).Body);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task Push_OnePost_MakesTheBlob(DigestAlgorithm algorithm)
    {
        var repository = NewRepository();
        var digest = Digest.Of(algorithm, Whole);

        var done = (await Api.SendAsync("POST", $"/v2/{repository}/blobs/uploads/?digest={digest}", Token, new ByteArrayContent(Whole))).Expect(HttpStatusCode.Created);

        Assert.Equal(digest.ToString(), done.Header("Docker-Content-Digest"));
        Assert.Equal(Whole, (await Api.GetAsync(done.Location, Token)).Expect(HttpStatusCode.OK).Body);
        Assert.False(HasSessions(repository));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("?digest-algorithm=sha512")]
    [InlineData("?digest-algorithm=sha256")]
    [InlineData("")]
    public async Task Push_Sha512WithHintOrWithout_IsVerified(string hint)
    {
        var repository = NewRepository();
        var digest = Digest.Of(DigestAlgorithm.Sha512, Whole);
        var wrong = await Api.BeginAsync(repository, Token, hint);
        (await Api.FinishAsync(wrong, digest.ToString(), Token, First)).ExpectError(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        var location = await PatchAsync(await Api.BeginAsync(repository, Token, hint), First, 0, withRange: false, isChunked: false);

        var done = (await Api.FinishAsync(location, digest.ToString(), Token, Second)).Expect(HttpStatusCode.Created);

        Assert.Equal(Whole, (await Api.GetAsync(done.Location, Token)).Expect(HttpStatusCode.OK).Body);
        Assert.Equal(digest.ToString(), (await Api.SendAsync("HEAD", done.Location, Token)).Header("Docker-Content-Digest"));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("?digest-algorithm=md5")]
    [InlineData("?digest=sha256:bad")]
    [InlineData("?digest=")]
    public async Task Begin_DigestThatIsNone_Is400(string query)
    {
        var repository = NewRepository();

        (await Api.SendAsync("POST", $"/v2/{repository}/blobs/uploads/{query}", Token)).ExpectError(HttpStatusCode.BadRequest, "DIGEST_INVALID");

        Assert.False(HasSessions(repository));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_OnePostWithAnotherDigest_Is400AndLeavesNothing()
    {
        var repository = NewRepository();
        var digest = Digest.Of(DigestAlgorithm.Sha256, First);

        (await Api.SendAsync("POST", $"/v2/{repository}/blobs/uploads/?digest={digest}", Token, new ByteArrayContent(Second))).ExpectError(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        (await Api.SendAsync("POST", $"/v2/{repository}/blobs/uploads/?digest={digest}", Token, new ByteArrayContent(First), ("Content-Range", "0-1")))
            .ExpectError(HttpStatusCode.BadRequest, "SIZE_INVALID");

        (await Api.GetAsync($"/v2/{repository}/blobs/{digest}", Token)).Expect(HttpStatusCode.NotFound);
        Assert.False(HasSessions(repository));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:bad")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("")]
    public async Task Finish_DigestThatTheBytesDoNotHave_Is400(string digest)
    {
        var location = await Api.BeginAsync(NewRepository(), Token);

        (await Api.FinishAsync(location, digest, Token, Whole)).ExpectError(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Finish_NoDigest_Is400AndTheSessionGoesOn()
    {
        var location = await PatchAsync(await Api.BeginAsync(NewRepository(), Token), Whole, 0, withRange: false, isChunked: false);

        (await Api.SendAsync("PUT", location, Token)).ExpectError(HttpStatusCode.BadRequest, "DIGEST_INVALID");

        (await Api.FinishAsync(location, WholeDigest.ToString(), Token)).Expect(HttpStatusCode.Created);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Cancel_Session_IsGone()
    {
        var repository = NewRepository();
        var location = await PatchAsync(await Api.BeginAsync(repository, Token), First, 0, withRange: false, isChunked: false);

        Assert.Empty((await Api.SendAsync("DELETE", location, Token)).Expect(HttpStatusCode.NoContent).Body);

        foreach (var method in new[] { "GET", "DELETE", "PATCH", "PUT" })
        {
            (await Api.SendAsync(method, $"{location}?digest={WholeDigest}", Token)).ExpectError(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        }

        Assert.False(HasSessions(repository));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("unknown")]
    [InlineData("..")]
    [InlineData("%2e%2e%2f%2e%2e%2f_manifests")]
    [InlineData("{00000000-0000-0000-0000-000000000000}")]
    public async Task Session_OfNoSuchName_Is404(string id)
    {
        var repository = NewRepository();
        await Api.BeginAsync(repository, Token);

        foreach (var method in new[] { "GET", "PATCH", "PUT", "DELETE" })
        {
            var answer = await Api.SendAsync(method, $"/v2/{repository}/blobs/uploads/{id}?digest={WholeDigest}", Token);
            Assert.InRange((int)answer.Status, 400, 405);
        }
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Session_UnderAnotherRepository_Is404()
    {
        var location = await Api.BeginAsync(NewRepository(), Token);
        var other = NewRepository();
        await Api.BeginAsync(other, Token);
        var moved = $"/v2/{other}/blobs/uploads/{location.Split('/')[^1]}";

        foreach (var method in new[] { "GET", "PATCH", "PUT", "DELETE" })
        {
            (await Api.SendAsync(method, $"{moved}?digest={WholeDigest}", Token)).ExpectError(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        }

        (await Api.GetAsync(location, Token)).Expect(HttpStatusCode.NoContent);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Patch_SeveralAtOnce_ComeOneAfterTheOther()
    {
        var location = await Api.BeginAsync(NewRepository(), Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Api.PatchAsync(location, First, Token)));

        Assert.All(answers, static answer => answer.Expect(HttpStatusCode.Accepted));
        Assert.Equal(
            Enumerable.Range(1, 8).Select(static i => $"0-{(i * 1000) - 1}").Order(StringComparer.Ordinal),
            answers.Select(static answer => answer.Header("Range")).Order(StringComparer.Ordinal));
        byte[] expected = [.. Enumerable.Repeat(First, 8).SelectMany(static bytes => bytes)];
        (await Api.FinishAsync(location, Digest.Of(DigestAlgorithm.Sha256, expected).ToString(), Token)).Expect(HttpStatusCode.Created);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Finish_SeveralAtOnce_OneSucceeds()
    {
        var location = await Api.BeginAsync(NewRepository(), Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Api.FinishAsync(location, WholeDigest.ToString(), Token, Whole)));

        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(3, answers.Count(static answer => answer.Status == HttpStatusCode.NotFound));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_LargerThanKestrelsOwnBound_IsTaken()
    {
        var content = new byte[40_000_000];
        new Random(1).NextBytes(content);

        var digest = await Api.PushBlobAsync(NewRepository(), content, Token);

        Assert.Equal(Digest.Of(DigestAlgorithm.Sha256, content), digest);
    }

    private async Task<string> PatchAsync(string location, byte[] bytes, int offset, bool withRange, bool isChunked)
    {
        var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new("application/octet-stream");
        var headers = new List<(string, string)>();
        if (withRange)
        {
            headers.Add(("Content-Range", $"{offset}-{offset + bytes.Length - 1}"));
        }

        if (isChunked)
        {
            headers.Add(("Transfer-Encoding", "chunked"));
        }

        var answer = (await Api.SendAsync("PATCH", location, Token, body, [.. headers])).Expect(HttpStatusCode.Accepted);
        Assert.Equal($"0-{offset + bytes.Length - 1}", answer.Header("Range"));
        return answer.Location;
    }

    private bool HasSessions(string repository)
    {
        var uploads = Path.Join(Registry.DataDirectory, "docker/registry/v2/repositories", repository, "_uploads");
        return Directory.Exists(uploads) && Directory.EnumerateDirectories(uploads).Any();
    }
}
