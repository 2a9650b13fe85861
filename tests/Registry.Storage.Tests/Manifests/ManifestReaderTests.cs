using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Registry.Storage.Content;
using Registry.Storage.Manifests;

namespace Registry.Storage.Tests.Manifests;

public sealed class ManifestReaderTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly Gen<string> AnyJson = Gen.Recursive<string>((depth, json) =>
    {
        var leaf = Gen.OneOf(
            Gen.OneOf("null", "true", "1", "-1", "1e400", "12345678901234567890", "\"\"", $"\"sha256:{Hex}\"", "\"\\ud800\"", "\"application/x\"", "[]", "{}"));
        if (depth > 3)
        {
            return leaf;
        }

        var key = Gen.OneOf("mediaType", "config", "layers", "manifests", "digest", "size", "other", "\\u006dediaType", "\\ud800");
        return Gen.OneOf(
            leaf,
            json.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"),
            Gen.Select(key, json).Array[0, 5].Select(members => $"{{{string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}"));
    });

    [Fact]
    public void Read_RandomBytes_NeverThrows() => Gen.Byte.Array[0, 100].Sample(bytes => { ManifestReader.Read(bytes); });

    [Fact]
    public void Read_RandomJson_NeverThrowsAndGivesOnlyWhatIsSafe() => AnyJson.Sample(
        json => ManifestReader.Read(Encoding.UTF8.GetBytes(json)) is not { } manifest
            || (MediaType.IsWellFormed(manifest.MediaType) && manifest.Contents.All(content => content.Size >= 0 && content.Digest != default)),
        iter: 20_000);

    [Fact]
    public void Read_RandomJsonCutOrBroken_NeverThrows() => Gen.Select(AnyJson, Gen.Int[0, 1000], Gen.Byte).Sample((json, at, value) =>
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        ManifestReader.Read(bytes.AsSpan(0, at % (bytes.Length + 1)));
        bytes[at % bytes.Length] = value;
        ManifestReader.Read(bytes);
    });

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("<html></html>")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{}x")]
    [InlineData("\u00ef\u00bb\u00bf{}")]
    public void Read_WhatIsNotOneObject_IsNoManifest(string text) => Assert.Null(Read(text));

    [Fact]
    public void Read_DeepNesting_IsNoManifestRatherThanACrash() => Assert.Null(Read($"{{\"a\":{new string('[', 100_000)}"));

    [Fact]
    public void Read_ImageManifest_HasConfigAndLayers()
    {
        var manifest = Read($$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaType.DockerManifest}}}","config":{"mediaType":"a/c","digest":"sha256:{{{Hex}}}","size":7},
             "layers":[{"mediaType":"a/l.foreign.x","digest":"sha256:{{{Hex}}}","size":0,"urls":["x"]},{"digest":"sha256:{{{Hex}}}","size":9223372036854775807}],"annotations":{"a":"b"}}
            """)!;
        var digest = Digest.Parse($"sha256:{Hex}");
        Assert.Equal(MediaType.DockerManifest, manifest.MediaType);
        Assert.False(manifest.IsIndex);
        Assert.Equal("a/c", manifest.ConfigMediaType);
        Assert.Equal(
            [
                new ManifestPart(ManifestPartKind.Config, digest, 7),
                new ManifestPart(ManifestPartKind.Layer, digest, 0, IsForeign: true),
                new ManifestPart(ManifestPartKind.Layer, digest, long.MaxValue),
            ],
            manifest.Contents);
    }

    [Fact]
    public void Read_DescriptorsThatDoNotParse_AreLeftOut()
    {
        var manifest = Read($$$"""
            {"layers":[null,1,[{"digest":"sha256:{{{Hex}}}","size":1}],{"digest":"sha256:{{{Hex}}}"},{"size":1},{"digest":"sha256:{{{Hex}}}","size":-1},
             {"digest":"sha256:{{{Hex}}}","size":1.5},{"digest":"sha256:{{{Hex}}}","size":"1"},{"digest":"sha256:../..","size":1},{"digest":{"size":1},"size":2}],"config":[]}
            """);
        Assert.Empty(manifest!.Contents);
    }

    [Theory]
    [InlineData("{}", MediaType.OciManifest)]
    [InlineData("{\"manifests\":[]}", MediaType.OciIndex)]
    [InlineData("{\"mediaType\":\"\"}", MediaType.OciManifest)]
    [InlineData("{\"mediaType\":7,\"manifests\":[]}", MediaType.OciIndex)]
    [InlineData("{\"mediaType\":\"application/vnd.example+json\"}", "application/vnd.example+json")]
    [InlineData("{\"mediaType\":\"application/json\\r\\nSet-Cookie: a=b\"}", MediaType.OciManifest)]
    [InlineData("{\"mediaType\":\"text/html; charset=utf-8\"}", MediaType.OciManifest)]
    [InlineData("{\"mediaType\":\"text/\\u0000\"}", MediaType.OciManifest)]
    public void Read_MediaType_IsTheStatedOneIfAHeaderMayHoldIt(string json, string mediaType) => Assert.Equal(mediaType, Read(json)!.MediaType);

    [Theory]
    [InlineData("\\u0061/c", "a/c")]
    [InlineData("a/\\u0000", null)]
    [InlineData("a/c; charset=utf-8", null)]
    public void Read_ConfigMediaTypeAndDigestEscaped_AreWhatTheyMean(string written, string? mediaType)
    {
        var manifest = Read($$$"""{"config":{"mediaType":"{{{written}}}","digest":"\u0073ha256:{{{Hex}}}","size":7}}""")!;

        Assert.True(manifest.HasConfig);
        Assert.False(manifest.IsMalformed);
        Assert.Equal(mediaType, manifest.ConfigMediaType);
    }

    [Fact]
    public void Read_StringsOfMegabytesWhereShortOnesBelong_AreNotCopied()
    {
        var text = new string('a', 1_000_000);
        var json = Encoding.UTF8.GetBytes($$$"""{"mediaType":"{{{text}}}","config":{"mediaType":"\u0061{{{text}}}","digest":"\u0061{{{text}}}","size":7}}""");
        ManifestReader.Read(json);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var manifest = ManifestReader.Read(json);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);

        Assert.True(manifest!.IsMalformed);
    }

    [Fact]
    public void Read_MoreLayers_AllocateOneLargerArrayAndNothingElse()
    {
        var (few, many) = (Layers(10), Layers(1000));

        Assert.Equal(990 * Unsafe.SizeOf<ManifestPart>(), Allocated(many) - Allocated(few));
    }

    private static byte[] Layers(int count)
    {
        var layers = Enumerable.Range(0, count).Select(static i =>
            $$$"""{"mediaType":"application/vnd.example.layer{{{i}}}","digest":"{{{TestStore.DigestOf($"{i}")}}}","size":{{{i}}},"urls":[],"annotations":{"a":"{{{i}}}"}}""");
        return Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"layers":[{{string.Join(',', layers)}}]}""");
    }

    // The least of several: the borrowed memory is made when it is first wanted, and again after a collection has taken it away.
    private static long Allocated(byte[] json) => Enumerable.Range(0, 20).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ManifestReader.Read(json);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    private static Manifest? Read(string text) => ManifestReader.Read(Encoding.UTF8.GetBytes(text));
}
