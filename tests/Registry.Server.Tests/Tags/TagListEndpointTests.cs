using System.Net;
using Xunit;

namespace Registry.Server.Tests.Tags;

public sealed class TagListEndpointTests : IAsyncLifetime
{
    private const string Name = "team/app";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        Fill(_server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Get_Tags_AreAllInOrder()
    {
        using var response = await _server.GetAsync($"/v2/{Name}/tags/list");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Header("Content-Type"));
        Assert.Null(response.Header("Link"));
        Assert.Equal("""{"name":"team/app","tags":["C","a","b","d"]}""", await response.TextAsync());
        using var head = await _server.HeadAsync($"/v2/{Name}/tags/list");
        Assert.Equal(response.Header("Content-Length"), head.Header("Content-Length"));
        Assert.Empty(await head.BytesAsync());
    }

    [Fact]
    public async Task Get_Pages_LeadToAllTags()
    {
        var seen = new List<string>();
        string? url = $"/v2/{Name}/tags/list?n=3";
        while (url is not null)
        {
            using var response = await _server.GetAsync(url);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            seen.Add(await response.TextAsync());
            url = response.Header("Link") is { } link ? new Uri(_server.Client.BaseAddress!, link[1..link.IndexOf('>', StringComparison.Ordinal)]).PathAndQuery : null;
        }

        Assert.Equal(["""{"name":"team/app","tags":["C","a","b"]}""", """{"name":"team/app","tags":["d"]}"""], seen);
    }

    [Fact]
    public async Task Get_PageOfAServerBelowAPrefix_LeadsBelowThePrefix()
    {
        await using var server = await TestServer.StartAsync(options: new ServerOptions { Prefix = "/registry/" });
        Fill(server);
        using var response = await server.GetAsync($"/registry/v2/{Name}/tags/list?n=1");
        Assert.Equal("""</registry/v2/team/app/tags/list?last=C&n=1>; rel="next" """.TrimEnd(), response.Header("Link"));
        using var outside = await server.GetAsync($"/v2/{Name}/tags/list");
        await outside.ExpectProblemAsync(404, "NAME_UNKNOWN");
    }

    [Theory]
    [InlineData("n=0", "[]")]
    [InlineData("last=a", "[\"b\",\"d\"]")]
    [InlineData("last=aa&n=10", "[\"b\",\"d\"]")]
    [InlineData("last=z", "[]")]
    [InlineData("n=4", "[\"C\",\"a\",\"b\",\"d\"]")]
    public async Task Get_PartOfTheTags_NeverIsNullAndHasNoLinkAtTheEnd(string query, string tags)
    {
        using var response = await _server.GetAsync($"/v2/{Name}/tags/list?{query}");
        Assert.Equal($$"""{"name":"team/app","tags":{{tags}}}""", await response.TextAsync());
        Assert.Null(response.Header("Link"));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("+1")]
    [InlineData("99999999999")]
    public async Task Get_CountThatIsNone_IsRefused(string count)
    {
        using var response = await _server.GetAsync($"/v2/{Name}/tags/list?n={count}");
        await response.ExpectProblemAsync(400, "PAGINATION_NUMBER_INVALID");
    }

    [Fact]
    public async Task Get_RepositoryThatIsNotThere_Is404()
    {
        using var response = await _server.GetAsync("/v2/team/none/tags/list");
        await response.ExpectProblemAsync(404, "NAME_UNKNOWN");
    }

    private static void Fill(TestServer server)
    {
        foreach (var tag in new[] { "b", "a", "C", "d" })
        {
            server.AddManifest(Name, tag, "{}");
        }
    }
}
