using Registry.Storage.Content;

namespace Registry.Storage.Tests.Blobs;

public sealed class BlobStoreTests
{
    private static readonly Digest Hello = TestStore.DigestOf("hello");

    [Fact]
    public void Put_ContentOfAnotherDigest_IsRefusedAndLeavesNothing()
    {
        using var test = new TestStore();
        Assert.Throws<ArgumentException>(() => test.Store.Blobs.Put(Hello, "hellO"u8));
        Assert.Null(test.Store.Blobs.Length(Hello));
        Assert.Null(test.Store.Blobs.Open(Hello));
        Assert.False(Directory.Exists(Path.Join(test.Root, "docker")));
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public void Put_Content_CanBeReadAfterARestart(DigestAlgorithm algorithm)
    {
        using var test = new TestStore();
        var digest = Digest.Of(algorithm, "hello"u8);
        test.Store.Blobs.Put(digest, "hello"u8);
        test.Restart();
        using var blob = test.Store.Blobs.Open(digest);
        Assert.Equal(5, blob!.Length);
        Assert.Equal(5, test.Store.Blobs.Length(digest));
        Assert.Equal("hello", File.ReadAllText(test.Store.Layout.Blob(digest)));
    }

    [Fact]
    public void Put_NoBytes_IsABlob()
    {
        using var test = new TestStore();
        var digest = TestStore.DigestOf("");
        test.Store.Blobs.Put(digest, []);
        using var blob = test.Store.Blobs.Open(digest);
        Assert.Equal(0, blob!.Length);
    }

    [Fact]
    public void Put_FileThatACrashCutShort_IsMadeWhole()
    {
        using var test = new TestStore();
        test.Write($"docker/registry/v2/blobs/sha256/{Hello.Hex[..2]}/{Hello.Hex}/data", "he");
        test.Store.Blobs.Put(Hello, "hello"u8);
        Assert.Equal("hello", File.ReadAllText(test.Store.Layout.Blob(Hello)));
    }

    [Fact]
    public void Open_BlobDeletedMeanwhile_StaysReadable()
    {
        using var test = new TestStore();
        test.Store.Blobs.Put(Hello, "hello"u8);
        using var blob = test.Store.Blobs.Open(Hello)!;
        test.Store.Blobs.Delete(Hello);
        var bytes = new byte[5];
        Assert.Equal(5, RandomAccess.Read(blob.Handle, bytes, 0));
        Assert.Equal("hello"u8.ToArray(), bytes);
        Assert.Null(test.Store.Blobs.Open(Hello));
    }
}
