using CsCheck;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Tests.Layout;

public sealed class StoreLayoutTests
{
    private const string Root = "/srv/registry";

    private static readonly StoreLayout Layout = new(Root);

    private static readonly Gen<RepositoryName> AnyName = Gen.OneOf("a", "b0", ".", "_", "__", "-", "/", "..", "blobs", "kind").Array[1, 12]
        .Select(parts => RepositoryName.TryParse(string.Concat(parts), out var name) ? name : RepositoryName.Parse("a/b"));

    private static readonly Gen<Tag> AnyTag = Gen.Char["aZ0_.-"].Array[1, 128]
        .Select(characters => Tag.TryParse(new string(characters), out var tag) ? tag : Tag.Parse("_.."));

    private static readonly Gen<Digest> AnyDigest = Gen.OneOf(
        Gen.Byte.Array[32].Select(hash => Digest.FromHash(DigestAlgorithm.Sha256, hash)),
        Gen.Byte.Array[64].Select(hash => Digest.FromHash(DigestAlgorithm.Sha512, hash)));

    [Fact]
    public void Paths_OfAllThatParses_LieUnderTheRoot() =>
        Gen.Select(AnyName, AnyTag, AnyDigest).Sample((name, tag, digest) => Array.TrueForAll(
            [
                Layout.Blob(digest), Layout.Partial(digest), Layout.Repository(name), Layout.Layers(name), Layout.Layer(name, digest), Layout.Manifests(name),
                Layout.Revision(name, digest), Layout.Tags(name), Layout.TagCurrent(name, tag), Layout.TagIndex(name, tag, digest), Layout.Kind(name),
                Layout.ManifestType(name, digest), Layout.Lock, Layout.Partials, Layout.SchedulerState,
            ],
            path => path.StartsWith(Root + "/", StringComparison.Ordinal) && Path.GetFullPath(path) == path));

    [Fact]
    public void Paths_OfDifferentThings_Differ() =>
        Gen.Select(AnyName, AnyName, AnyTag, AnyDigest).Sample((one, other, tag, digest) =>
            one == other || (Layout.Kind(one) != Layout.Kind(other) && Layout.Layer(one, digest) != Layout.Layer(other, digest)
                && Layout.TagCurrent(one, tag) != Layout.TagCurrent(other, tag)));

    [Fact]
    public void Paths_AreDistributions()
    {
        const string hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        const string v2 = Root + "/docker/registry/v2";
        var digest = Digest.Parse($"sha256:{hex}");
        var name = RepositoryName.Parse("library/nginx");
        var tag = Tag.Parse("1.27");
        Assert.Equal($"{v2}/blobs/sha256/e3/{hex}/data", Layout.Blob(digest));
        Assert.Equal($"{v2}/repositories/library/nginx/_layers/sha256/{hex}/link", Layout.Layer(name, digest));
        Assert.Equal($"{v2}/repositories/library/nginx/_manifests/revisions/sha256/{hex}/link", Layout.Revision(name, digest));
        Assert.Equal($"{v2}/repositories/library/nginx/_manifests/tags/1.27/current/link", Layout.TagCurrent(name, tag));
        Assert.Equal($"{v2}/repositories/library/nginx/_manifests/tags/1.27/index/sha256/{hex}/link", Layout.TagIndex(name, tag, digest));
        Assert.Equal($"{v2}/repositories/library/nginx/_registry/kind", Layout.Kind(name));
        Assert.Equal($"{v2}/repositories/library/nginx/_registry/types/sha256/{hex}", Layout.ManifestType(name, digest));
        Assert.Equal($"{Root}/mirror/partial/sha256/{hex}", Layout.Partial(digest));
    }
}
