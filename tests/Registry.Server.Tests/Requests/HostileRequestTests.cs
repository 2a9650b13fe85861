using System.Text.RegularExpressions;
using CsCheck;
using Registry.Storage.Content;
using Xunit;

namespace Registry.Server.Tests.Requests;

/// <summary>Names, digests, ranges and queries that are none are refused, and no file ever comes to lie outside the data directory.</summary>
public sealed partial class HostileRequestTests
{
    private const int Count = 600;

    private static readonly string Known = Digest.Of(DigestAlgorithm.Sha256, "known"u8).ToString();

    // Characters that mean something to paths, URLs, digests and file systems.
    private static readonly Gen<string> Odd = Gen.OneOf(
        Gen.OneOf("..", "%2e%2e", "%2E%2E%2F", "..%2f..%2f", "%00", "%5c..%5c", "/", "//", "_uploads", "_registry", "_manifests", "link", "%ff%fe", "%c0%ae", "a%0ab", "CON", "~", "a:b", "sha256:", "%"),
        Gen.String[Gen.Char["abzAZ019./_-:%+@=&;*~!$'(),"], 0, 20],
        Gen.OneOf(new string('a', 300), new string('a', 5000)));

    private static readonly Gen<string> Paths = Gen.Select(
        Gen.OneOf("/v2/NAME/blobs/uploads/", "/v2/NAME/blobs/uploads/REF", "/v2/NAME/manifests/REF", "/v2/NAME/blobs/REF", "/v2/NAME/tags/list", "/v2/NAME/referrers/REF", "/v2/NAME", "/NAME"),
        Odd.Array[1, 3].Select(static parts => string.Concat(parts)),
        Odd.Array[1, 2].Select(static parts => string.Concat(parts)),
        static (form, name, reference) => form.Replace("NAME", name, StringComparison.Ordinal).Replace("REF", reference, StringComparison.Ordinal));

    private static readonly Gen<string> Queries = Gen.Select(
        Gen.OneOf("digest", "mount", "from", "tag", "n", "last", "ns", "artifactType", "after", "digest-algorithm", "_state"), Odd).Array[0, 3]
        .Select(static pairs => pairs.Length == 0 ? "" : $"?{string.Join('&', pairs.Select(static pair => $"{pair.Item1}={pair.Item2}"))}");

    [Fact]
    public async Task Send_AnyPathAndQuery_IsNeverAFaultAndStaysInside()
    {
        await using var server = await PrivateServer.StartAsync();
        var requests = Gen.Select(Gen.OneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"), Paths, Queries, Gen.Byte.Array[0, 50]);
        foreach (var (method, path, query, body) in requests.Array[Count].Single())
        {
            var (status, text) = await server.SendAsync(method, $"{path}{query}", "", body);
            Assert.True(status is >= 200 and < 500, $"{status} for {method} {path}{query}: {text}");
        }

        AssertInside(server);
    }

    [Fact]
    public async Task Put_AnyDigestButTheRightOne_Is400()
    {
        await using var server = await PrivateServer.StartAsync();
        foreach (var digest in Odd.Array[Count / 4].Single())
        {
            var session = await BeginAsync(server);
            var (status, text) = await server.SendAsync("PUT", $"{session}?digest={digest}", "", "known"u8.ToArray());
            Assert.True(status is 400 or 414, $"{status} for {digest}: {text}");
        }

        AssertInside(server);
    }

    [Fact]
    public async Task Patch_AnyContentRangeButTheRightOne_Is4xx()
    {
        await using var server = await PrivateServer.StartAsync();
        var session = await BeginAsync(server);
        foreach (var range in Gen.String[Gen.Char["0123456789-/ bytes*,+"], 1, 24].Where(static text => text.Trim() is not ("" or "0-4" or "00-4" or "0-04")).Array[Count / 4].Single())
        {
            var (status, text) = await server.SendAsync("PATCH", session, $"Content-Range: {range}\r\n", "known"u8.ToArray());
            Assert.True(status is 400 or 416, $"{status} for {range}: {text}");
        }

        var (finished, _) = await server.SendAsync("PUT", $"{session}?digest={Known}", "Content-Range: 0-4\r\n", "known"u8.ToArray());
        Assert.Equal(201, finished);
    }

    [Theory]
    [InlineData("/", "", "/v2/team/app/blobs/uploads/")]
    [InlineData("/mirror/", "", "/mirror/v2/team/app/blobs/uploads/")]
    [InlineData("/", "https://registry.example.org:8443", "https://registry.example.org:8443/v2/team/app/blobs/uploads/")]
    [InlineData("/mirror/", "https://registry.example.org", "https://registry.example.org/mirror/v2/team/app/blobs/uploads/")]
    public async Task Begin_PrefixAndHost_AreInTheLocation(string prefix, string host, string expected)
    {
        await using var server = await PrivateServer.StartAsync(new ServerOptions { Prefix = prefix, Host = host.Length == 0 ? null : new Uri(host) });

        Assert.StartsWith(expected, await BeginAsync(server, prefix));
    }

    private static async Task<string> BeginAsync(PrivateServer server, string prefix = "/")
    {
        var (_, text) = await server.SendAsync("POST", $"{prefix}v2/team/app/blobs/uploads/", "", default);
        return LocationHeader().Match(text).Groups["location"].Value;
    }

    // Next to the data directory there is nothing, and in it nothing but what is ours and distribution's.
    private static void AssertInside(PrivateServer server)
    {
        Assert.Equal([server.DataDirectory], Directory.GetFileSystemEntries(server.Above));
        Assert.All(Directory.GetFileSystemEntries(server.DataDirectory), static entry => Assert.True(Path.GetFileName(entry) is "docker" or "mirror", entry));
        var tree = Path.Join(server.DataDirectory, "docker/registry/v2");
        Assert.All(
            Directory.Exists(tree) ? Directory.GetFileSystemEntries(tree) : [],
            static entry => Assert.True(Path.GetFileName(entry) is "blobs" or "repositories", entry));
    }

    [GeneratedRegex(@"^Location: (?<location>\S+)\r$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LocationHeader();
}
