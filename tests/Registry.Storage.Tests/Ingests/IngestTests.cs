using System.Text;
using Registry.Storage.Content;
using Registry.Storage.Ingests;

namespace Registry.Storage.Tests.Ingests;

public sealed class IngestTests
{
    private static readonly Digest Hello = TestStore.DigestOf("hello");

    [Fact]
    public void Commit_WholeContent_IsABlobAndNothingElse()
    {
        using var test = new TestStore();
        var ingest = test.Store.Ingests.Begin(Hello);
        ingest.Write("lo"u8, 3);
        ingest.Write("hel"u8, 0);
        Assert.Null(test.Store.Blobs.Length(Hello));
        ingest.Commit();
        Assert.Equal("hello", File.ReadAllText(test.Store.Layout.Blob(Hello)));
        Assert.False(Directory.Exists(test.Store.Layout.Partial(Hello)));
        Assert.Equal("hello", Read(ingest, 5));
        ingest.Release();
        Assert.True(ingest.Handle.IsClosed);
    }

    [Fact]
    public void Discard_ReaderWithAShare_ReadsOn()
    {
        using var test = new TestStore();
        var ingest = test.Store.Ingests.Begin(Hello);
        ingest.Write("hello"u8, 0);
        ingest.Share();
        ingest.Discard();
        ingest.Release();
        Assert.Equal("hello", Read(ingest, 5));
        Assert.False(Directory.Exists(test.Store.Layout.Partial(Hello)));
        Assert.Null(test.Store.Blobs.Length(Hello));
        ingest.Release();
        Assert.True(ingest.Handle.IsClosed);
        ingest.Discard();
    }

    [Fact]
    public void Begin_AfterACheckpoint_GoesOnFromThere()
    {
        using var test = new TestStore();
        var first = test.Store.Ingests.Begin(Hello);
        Assert.Equal((0, null), (first.Restored.Received, first.RestoredLength));
        first.Write("he"u8, 0);
        first.Write("o"u8, 4);
        first.Checkpoint(5, [new Segment(0, 2), new Segment(4, 5)]);
        first.Release();
        test.Restart();
        var second = test.Store.Ingests.Begin(Hello);
        Assert.Equal([new Segment(0, 2), new Segment(4, 5)], second.Restored.Segments.ToArray());
        Assert.Equal(5, second.RestoredLength);
        second.Write("ll"u8, 2);
        Assert.Equal("hello", Read(second, 5));
        second.Commit();
        second.Release();
        Assert.Equal("hello", File.ReadAllText(test.Store.Layout.Blob(Hello)));
    }

    [Fact]
    public void Begin_BytesWithoutACheckpoint_AreNotTrusted()
    {
        using var test = new TestStore();
        var first = test.Store.Ingests.Begin(Hello);
        first.Write("hello"u8, 0);
        first.Release();
        var second = test.Store.Ingests.Begin(Hello);
        Assert.Equal(0, second.Restored.Received);
        second.Release();
    }

    [Fact]
    public void Begin_JournalOfMoreThanTheFileHolds_StartsAnew()
    {
        using var test = new TestStore();
        var first = test.Store.Ingests.Begin(Hello);
        first.Write("hello"u8, 0);
        first.Checkpoint(5, [new Segment(0, 5)]);
        first.Release();
        File.WriteAllText(Path.Join(test.Store.Layout.Partial(Hello), "data"), "hel");
        var second = test.Store.Ingests.Begin(Hello);
        Assert.Equal(0, second.Restored.Received);
        Assert.Equal(0, second.Restored.Watermark);
        second.Release();
    }

    [Theory]
    [InlineData("")]
    [InlineData("segments 1\n")]
    [InlineData("segments 1\n5\n0-5\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("segments 1\n5\n0-5\nsha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    public void Begin_JournalThatIsNotWhole_StartsAnew(string journal)
    {
        using var test = new TestStore();
        Prepare(test, journal);
        var ingest = test.Store.Ingests.Begin(Hello);
        Assert.Equal((0, null), (ingest.Restored.Received, ingest.RestoredLength));
        ingest.Release();
    }

    [Fact]
    public void Begin_JournalCutAnywhere_StartsAnew()
    {
        using var test = new TestStore();
        var ingest = test.Store.Ingests.Begin(Hello);
        ingest.Write("hello"u8, 0);
        ingest.Checkpoint(5, [new Segment(0, 2), new Segment(3, 5)]);
        ingest.Release();
        var journal = Path.Join(test.Store.Layout.Partial(Hello), "map");
        var whole = File.ReadAllText(journal);
        for (var length = 0; length < whole.Length - 1; length++)
        {
            File.WriteAllText(journal, whole[..length]);
            var again = test.Store.Ingests.Begin(Hello);
            Assert.Equal(0, again.Restored.Received);
            again.Release();
        }
    }

    [Fact]
    public void Journal_OfTheSameFacts_IsTheSameText()
    {
        using var test = new TestStore();
        var ingest = test.Store.Ingests.Begin(Hello);
        ingest.Checkpoint(null, []);
        ingest.Release();
        const string body = "segments 1\n?\n";
        Assert.Equal(body + TestStore.DigestOf(body) + "\n", File.ReadAllText(Path.Join(test.Store.Layout.Partial(Hello), "map")));
    }

    [Fact]
    public void Purge_OldIngests_GoUnlessTheyAreOpen()
    {
        using var test = new TestStore();
        var ingests = test.Store.Ingests;
        var other = TestStore.DigestOf("other");
        foreach (var digest in new[] { Hello, other })
        {
            ingests.Begin(digest).Release();
            File.SetLastWriteTimeUtc(Path.Join(test.Store.Layout.Partial(digest), "data"), test.Time.GetUtcNow().UtcDateTime);
        }

        test.Write("mirror/partial/sha256/foreign/data", "");
        Assert.Empty(ingests.Purge(test.Time.GetUtcNow(), _ => false));
        Assert.Equal([other], ingests.Purge(test.Time.GetUtcNow().AddSeconds(1), digest => digest == Hello));
        Assert.True(Directory.Exists(test.Store.Layout.Partial(Hello)));
        Assert.False(Directory.Exists(test.Store.Layout.Partial(other)));
        Assert.True(Directory.Exists(Path.Join(test.Root, "mirror/partial/sha256/foreign")));
    }

    [Fact]
    public void Purge_NothingEverIngested_RemovesNothing()
    {
        using var test = new TestStore();
        Assert.Empty(test.Store.Ingests.Purge(test.Time.GetUtcNow(), _ => false));
    }

    private static void Prepare(TestStore test, string journal)
    {
        var directory = $"mirror/partial/sha256/{Hello.Hex}";
        test.Write($"{directory}/data", "hello");
        test.Write($"{directory}/map", journal);
    }

    private static string Read(Ingest ingest, int length)
    {
        var bytes = new byte[length];
        return Encoding.ASCII.GetString(bytes.AsSpan(0, RandomAccess.Read(ingest.Handle, bytes, 0)));
    }
}
