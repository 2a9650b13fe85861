using Registry.Storage.Content;

namespace Registry.Storage.Tests.Repositories;

public sealed class LayerStoreTests
{
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");
    private static readonly RepositoryName Other = RepositoryName.Parse("team/other");

    [Fact]
    public void Find_BlobOfAnotherRepository_IsNone()
    {
        using var test = new TestStore();
        var digest = TestStore.DigestOf("layer");
        test.Store.Blobs.Put(digest, "layer"u8);
        test.Store.Layers.Add(Other, digest, digest);
        Assert.Null(test.Store.Layers.Find(Name, digest));
        Assert.Equal(digest, test.Store.Layers.Find(Other, digest));
    }

    [Fact]
    public void Find_DistributionsSha512Link_IsTheSha256OfTheSameContent()
    {
        using var test = new TestStore();
        var sha512 = Digest.Of(DigestAlgorithm.Sha512, "layer"u8);
        var sha256 = TestStore.DigestOf("layer");
        test.Write($"docker/registry/v2/repositories/{Name}/_layers/sha512/{sha512.Hex}/link", sha256.ToString());
        test.Write($"docker/registry/v2/blobs/sha256/{sha256.Hex[..2]}/{sha256.Hex}/data", "layer");
        Assert.Equal(sha256, test.Store.Layers.Find(Name, sha512));
        using var blob = test.Store.Blobs.Open(test.Store.Layers.Find(Name, sha512)!.Value);
        Assert.Equal(5, blob!.Length);
    }

    [Fact]
    public void Add_LinkToContentThatIsGone_IsReplaced()
    {
        using var test = new TestStore();
        var sha512 = Digest.Of(DigestAlgorithm.Sha512, "layer"u8);
        test.Write($"docker/registry/v2/repositories/{Name}/_layers/sha512/{sha512.Hex}/link", TestStore.DigestOf("layer").ToString());
        test.Store.Blobs.Put(sha512, "layer"u8);
        test.Store.Layers.Add(Name, sha512, sha512);
        Assert.Equal(sha512, test.Store.Layers.Find(Name, sha512));
    }

    [Fact]
    public void Add_DamagedLink_IsReplaced()
    {
        using var test = new TestStore();
        var digest = TestStore.DigestOf("layer");
        test.Write($"docker/registry/v2/repositories/{Name}/_layers/sha256/{digest.Hex}/link", "");
        test.Store.Layers.Add(Name, digest, digest);
        Assert.Equal(digest, test.Store.Layers.Find(Name, digest));
    }

    [Fact]
    public void Use_AfterMoreThanAnHour_IsTheTimeOfTheLink()
    {
        using var test = new TestStore();
        var digest = TestStore.DigestOf("layer");
        test.Store.Layers.Add(Name, digest, digest);
        var link = test.Store.Layout.Layer(Name, digest);
        File.SetLastWriteTimeUtc(link, test.Time.GetUtcNow().UtcDateTime);
        test.Time.Advance(TimeSpan.FromHours(2));
        test.Store.Layers.Use(Name, digest);
        Assert.Equal(test.Time.GetUtcNow().UtcDateTime, File.GetLastWriteTimeUtc(link));
        Assert.Equal(digest.ToString(), File.ReadAllText(link));
    }
}
