using System.Text;
using Registry.Storage.Content;
using Registry.Storage.Manifests;

namespace Registry.Storage.Tests.Manifests;

public sealed class ManifestStoreTests
{
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");
    private static readonly RepositoryName Other = RepositoryName.Parse("team/other");

    [Theory]
    [InlineData("{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"}", MediaType.OciManifest)]
    [InlineData("{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\"}", MediaType.DockerManifest)]
    [InlineData("{\"layers\":[]}", MediaType.OciManifest)]
    [InlineData("{\"manifests\":[]}", MediaType.OciIndex)]
    public void Put_JsonThatTellsItsType_NeedsNoFileForIt(string json, string mediaType)
    {
        using var test = new TestStore();
        var manifest = Put(test, json, mediaType);
        Assert.False(File.Exists(test.Store.Layout.ManifestType(Name, manifest.Digest)));
        Assert.Equal(mediaType, test.Store.Manifests.Find(Name, manifest.Digest)!.MediaType);
    }

    [Theory]
    [InlineData("{\"schemaVersion\":1,\"name\":\"team/app\",\"signatures\":[]}", MediaType.DockerSchema1Signed)]
    [InlineData("{\"schemaVersion\":1,\"name\":\"team/app\"}", MediaType.DockerSchema1)]
    [InlineData("{\"schemaVersion\":2,\"layers\":[]}", MediaType.DockerManifest)]
    [InlineData("not even JSON", "text/plain")]
    public void Put_JsonThatDoesNotTellItsType_IsRememberedBeside(string json, string mediaType)
    {
        using var test = new TestStore();
        var manifest = Put(test, json, mediaType);
        test.Restart();
        var found = test.Store.Manifests.Find(Name, manifest.Digest)!;
        Assert.Equal(mediaType, found.MediaType);
        Assert.Equal(json, Encoding.UTF8.GetString(found.Content.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text/html\r\nSet-Cookie: a=b")]
    [InlineData("\0\0\0\0")]
    [InlineData("something")]
    public void Find_TypeFileThatHoldsNone_IsAsIfThereWereNone(string content)
    {
        using var test = new TestStore();
        var manifest = Put(test, "{\"schemaVersion\":2}", MediaType.DockerManifest);
        File.WriteAllText(test.Store.Layout.ManifestType(Name, manifest.Digest), content);
        Assert.Equal(MediaType.OciManifest, test.Store.Manifests.Find(Name, manifest.Digest)!.MediaType);
    }

    [Fact]
    public void Find_ManifestOfAnotherRepository_IsNone()
    {
        using var test = new TestStore();
        var manifest = Put(test, "{}", MediaType.OciManifest);
        Assert.Null(test.Store.Manifests.Find(Other, manifest.Digest));
        Assert.Null(test.Store.Layers.Find(Name, manifest.Digest));
    }

    [Fact]
    public void Find_BytesThatAreGone_IsNone()
    {
        using var test = new TestStore();
        var manifest = Put(test, "{}", MediaType.OciManifest);
        File.Delete(test.Store.Layout.Blob(manifest.Digest));
        Assert.Null(test.Store.Manifests.Find(Name, manifest.Digest));
        Put(test, "{}", MediaType.OciManifest);
        Assert.NotNull(test.Store.Manifests.Find(Name, manifest.Digest));
    }

    [Fact]
    public void Put_WrongDigest_IsRefusedAndLeavesNothing()
    {
        using var test = new TestStore();
        var wrong = TestStore.DigestOf("something else");
        Assert.Throws<ArgumentException>(() => test.Store.Manifests.Put(Name, new StoredManifest(wrong, MediaType.OciManifest, "{}"u8.ToArray())));
        Assert.Null(test.Store.Manifests.Find(Name, wrong));
    }

    [Fact]
    public void Find_UseAfterAnHour_IsTheTimeOfTheLink()
    {
        using var test = new TestStore();
        var manifest = Put(test, "{}", MediaType.OciManifest);
        var link = test.Store.Layout.Revision(Name, manifest.Digest);
        File.SetLastWriteTimeUtc(link, test.Time.GetUtcNow().UtcDateTime);
        test.Time.Advance(TimeSpan.FromMinutes(61));
        test.Store.Manifests.Find(Name, manifest.Digest);
        Assert.Equal(test.Time.GetUtcNow().UtcDateTime, File.GetLastWriteTimeUtc(link));
    }

    private static StoredManifest Put(TestStore test, string json, string mediaType)
    {
        var manifest = new StoredManifest(TestStore.DigestOf(json), mediaType, Encoding.UTF8.GetBytes(json));
        test.Store.Manifests.Put(Name, manifest);
        return manifest;
    }
}
