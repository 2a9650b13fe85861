using System.Net;
using Registry.EndToEnd.Servers;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>Listing tags.</summary>
public sealed class TagListTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    private static readonly string[] Tags = ["1", "10", "2", "A", "_x", "a", "a-b", "a.b", "b"];

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("", 0, 9, false)]
    [InlineData("?n=9", 0, 9, false)]
    [InlineData("?n=100", 0, 9, false)]
    [InlineData("?n=4", 0, 4, true)]
    [InlineData("?n=8", 0, 8, true)]
    [InlineData("?n=4&last=2", 3, 7, true)]
    [InlineData("?n=4&last=a", 6, 9, false)]
    [InlineData("?last=A", 4, 9, false)]
    [InlineData("?last=2zzz", 3, 9, false)]
    [InlineData("?last=%2E%2E%2F", 0, 9, false)]
    [InlineData("?last=b", 9, 9, false)]
    [InlineData("?last=zzz&n=3", 9, 9, false)]
    [InlineData("?n=0", 0, 0, false)]
    [InlineData("?n=0&last=a", 0, 0, false)]
    public async Task List_Page_IsThatPartInBytewiseOrder(string query, int first, int end, bool hasMore)
    {
        var repository = await TaggedAsync(Tags);

        var answer = (await Api.GetAsync($"/v2/{repository}/tags/list{query}", Token)).Expect(HttpStatusCode.OK);

        Assert.Equal(Tags[first..end], answer.Strings("tags"));
        Assert.Contains($"\"name\":\"{repository}\"", answer.Text);
        Assert.Equal(hasMore, answer.NextPage() is not null);
        Assert.Equal("application/json", answer.Header("Content-Type"));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    [InlineData("1.5")]
    [InlineData("%D9%A1")]
    public async Task List_SizeThatIsNoNumber_Is400(string n)
    {
        var repository = await TaggedAsync("a");

        (await Api.GetAsync($"/v2/{repository}/tags/list?n={n}", Token)).ExpectError(HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_EveryTagDeleted_IsEmptyAndNotUnknown()
    {
        var repository = await TaggedAsync("a", "b");

        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/a", Token)).Expect(HttpStatusCode.Accepted);
        (await Api.SendAsync("DELETE", $"/v2/{repository}/manifests/b", Token)).Expect(HttpStatusCode.Accepted);

        Assert.Equal($$"""{"name":"{{repository}}","tags":[]}""", (await Api.GetAsync($"/v2/{repository}/tags/list", Token)).Expect(HttpStatusCode.OK).Text);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_EachPush_IsSeenAtOnce()
    {
        var repository = NewRepository();
        var config = await Api.PushBlobAsync(repository, "{}"u8.ToArray(), Token);
        for (var i = 10; i < 40; i++)
        {
            await Api.PushManifestAsync(repository, $"t{i}", ManifestJson.Image(config, 2), Token);
            Assert.Equal(i - 9, (await Api.GetAsync($"/v2/{repository}/tags/list", Token)).Strings("tags").Length);
        }
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_TenThousandTags_ComeInPages()
    {
        const int Count = 10_000;
        var repository = NewRepository();
        var config = await Api.PushBlobAsync(repository, "{}"u8.ToArray(), Token);
        var digest = await Api.PushManifestAsync(repository, "t00000", ManifestJson.Image(config, 2), Token);

        // Pushing so many would take minutes of syncing: they are put there as distribution would.
        var tags = Path.Join(Registry.DataDirectory, "docker/registry/v2/repositories", repository, "_manifests/tags");
        for (var i = 1; i < Count; i++)
        {
            var current = Directory.CreateDirectory(Path.Join(tags, $"t{i:00000}", "current"));
            await File.WriteAllTextAsync(Path.Join(current.FullName, "link"), digest.ToString(), Token);
        }

        var expected = Enumerable.Range(0, Count).Select(static i => $"t{i:00000}").ToArray();
        Assert.Equal(expected, (await Api.GetAsync($"/v2/{repository}/tags/list", Token)).Expect(HttpStatusCode.OK).Strings("tags"));
        var seen = new List<string>();
        for (var next = $"/v2/{repository}/tags/list?n=5000"; next is not null;)
        {
            var answer = (await Api.GetAsync(next, Token)).Expect(HttpStatusCode.OK);
            seen.AddRange(answer.Strings("tags"));
            next = answer.NextPage();
        }

        Assert.Equal(expected, seen);
    }

    private async Task<string> TaggedAsync(params string[] tags)
    {
        var repository = NewRepository();
        var config = await Api.PushBlobAsync(repository, "{}"u8.ToArray(), Token);
        foreach (var tag in tags)
        {
            await Api.PushManifestAsync(repository, tag, ManifestJson.Image(config, 2), Token);
        }

        return repository;
    }
}
