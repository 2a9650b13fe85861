using System.Text;
using System.Text.Json;
using CsCheck;
using Registry.Storage.Content;
using Xunit;

namespace Registry.Server.Tests.Manifests;

/// <summary>Whatever is sent as a manifest is refused in words, and never a fault of ours.</summary>
public sealed class HostileManifestTests
{
    private const int Count = 400;
    private const int Bound = 4 << 20;

    private static readonly string Layer = $"{{\"digest\":\"sha256:{new string('0', 64)}\",\"size\":1}}";

    private static readonly string[] Keys =
        ["schemaVersion", "mediaType", "config", "layers", "manifests", "subject", "artifactType", "annotations", "digest", "size", "urls", "other"];

    private static readonly Gen<string> Leaf = Gen.OneOf(
        Gen.OneOf(
            "null", "true", "2", "1", "-1", "1e999", "9223372036854775808", "\"\"", "\"a/b\"", "\"\\ud800\"", "\"\\u0000\"", "{}", "[]", "[null]",
            $"\"{MediaType.OciManifest}\"", $"\"sha256:{new string('0', 64)}\"", "\"sha256:bad\"", "\"../../etc/passwd\""),
        Gen.String[Gen.Char['\u0020', '\u00ff'], 0, 12].Select(static text => JsonEncodedText.Encode(text)).Select(static text => $"\"{text}\""));

    private static readonly Gen<string> Json = Gen.Recursive<string>(static (depth, inner) =>
        depth > 4
            ? Leaf
            : Gen.OneOf(
                Leaf,
                inner.Array[0, 4].Select(static items => $"[{string.Join(',', items)}]"),
                Gen.Select(Gen.OneOf(Keys), inner).Array[0, 6].Select(static pairs =>
                    $"{{{string.Join(',', pairs.Select(static pair => $"\"{pair.Item1}\":{pair.Item2}"))}}}")));

    private static readonly Gen<string> Manifests = Gen.Select(Gen.OneOf(Keys), Json).Array[0, 8].Select(static pairs =>
        $"{{\"schemaVersion\":2,{string.Concat(pairs.Select(static pair => $"\"{pair.Item1}\":{pair.Item2},"))}\"end\":0}}");

    [Fact]
    public async Task Put_AnyBytes_AreRefusedInJson() =>
        await AssertRefusedAsync(Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Char["{}[]\":,0123truenl\\u"].Array[0, 60].Select(static chars => Encoding.ASCII.GetBytes(chars))));

    [Fact]
    public async Task Put_AnyJson_IsRefusedInJson() => await AssertRefusedAsync(Json.Select(Encoding.UTF8.GetBytes));

    [Fact]
    public async Task Put_ManifestOfAnythingThatIsNotThere_IsTakenOrRefusedInJson()
    {
        await using var server = await PrivateServer.StartAsync();
        foreach (var content in Manifests.Array[Count].Single().Select(Encoding.UTF8.GetBytes))
        {
            var (status, text) = await server.SendAsync("PUT", "/v2/team/app/manifests/latest", "", content);

            // An index of nothing, or without its manifests, is one all the same.
            Assert.True(status is 201 or 400, $"{status} for {Encoding.UTF8.GetString(content)}: {text}");
            var (list, _) = await server.SendAsync("GET", $"/v2/team/app/referrers/sha256:{new string('0', 64)}", "", default);
            Assert.True(list == 200, $"referrers are {list} after {Encoding.UTF8.GetString(content)}");
        }
    }

    public static TheoryData<string, string> Extremes => new()
    {
        { "deep arrays", new string('[', Bound) },
        { "deep objects", string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) },
        { "deep within a manifest", $"{{\"schemaVersion\":2,\"config\":{new string('[', 1000)}{new string(']', 1000)}}}" },
        { "long number", $"{{\"schemaVersion\":{new string('9', 1_000_000)}}}" },
        { "long size", $"{{\"schemaVersion\":2,\"config\":{{\"digest\":\"sha256:{new string('0', 64)}\",\"size\":{new string('9', 1_000_000)}}}}}" },
        { "lone surrogates", $"{{\"schemaVersion\":2,\"mediaType\":\"{string.Concat(Enumerable.Repeat("\\ud800", 100_000))}\"}}" },
        { "one key many times", $"{{\"schemaVersion\":2{string.Concat(Enumerable.Repeat(",\"config\":{}", 100_000))}}}" },
        { "other versions after the first", "{\"schemaVersion\":2,\"schemaVersion\":1,\"manifests\":[]}" },
        { "long key", $"{{\"schemaVersion\":2,\"{new string('k', 3_000_000)}\":1}}" },
        { "many layers that are not there", $"{{\"schemaVersion\":2,\"config\":{Layer},\"layers\":[{string.Join(',', Enumerable.Repeat(Layer, 40_000))}]}}" },
        { "spaces alone", new string(' ', Bound) },
        { "nothing but a string", $"\"{new string('a', Bound - 2)}\"" },
        { "more than the bound", new string('{', Bound + 1) },
    };

    [Theory]
    [MemberData(nameof(Extremes))]
    public async Task Put_Extreme_Is4xxInJson(string kind, string content)
    {
        await using var server = await PrivateServer.StartAsync();

        var (status, text) = await server.SendAsync("PUT", "/v2/team/app/manifests/latest", "", Encoding.UTF8.GetBytes(content));

        Assert.True(status == (content.Length > Bound ? 413 : 400), $"{status} for {kind}: {text}");
        Assert.Contains("{\"errors\":[{\"code\":\"", text, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(Gen<byte[]> contents)
    {
        await using var server = await PrivateServer.StartAsync();
        foreach (var content in contents.Array[Count].Single())
        {
            var (status, text) = await server.SendAsync("PUT", "/v2/team/app/manifests/latest", "", content);
            Assert.True(status == 400 && text.Contains("{\"errors\":[{\"code\":\"MANIFEST_", StringComparison.Ordinal), $"{status} for {Encoding.UTF8.GetString(content)}: {text}");
        }

        var (found, _) = await server.SendAsync("GET", "/v2/team/app/manifests/latest", "", default);
        Assert.Equal(404, found);
    }
}
