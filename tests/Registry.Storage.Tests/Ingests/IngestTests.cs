using Registry.Storage.Content;
using Registry.Storage.Ingests;

namespace Registry.Storage.Tests.Ingests;

/// <summary>What an ingest leaves to the next one of the same digest.</summary>
public sealed class IngestTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 10_000).Select(value => (byte)(value % 251))];
    private static readonly Digest Digest = Digest.Of(DigestAlgorithm.Sha256, Content);

    private readonly string _root = Directory.CreateTempSubdirectory("ingest-").FullName;
    private readonly Store _store;

    public IngestTests() => _store = Store.Open(new StorageOptions { RootDirectory = _root }, null, TimeProvider.System);

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void Begin_AfterACheckpoint_HasItsSegmentsAndNoLaterOnes()
    {
        var ingest = _store.Ingests.Begin(Digest);
        ingest.Write(Content.AsSpan(0, 4000), 0);
        ingest.Checkpoint(Content.Length, [new Segment(0, 4000)]);
        ingest.Write(Content.AsSpan(4000), 4000);
        ingest.Release();

        var next = _store.Ingests.Begin(Digest);
        Assert.Equal(Content.Length, next.RestoredLength);
        Assert.Equal([new Segment(0, 4000)], next.Restored.Segments.ToArray());
        next.Release();
    }

    [Fact]
    public void Begin_WhenTheFileWasCutBefore_NeverBelievesTheOldJournal()
    {
        var ingest = _store.Ingests.Begin(Digest);
        ingest.Write(Content, 0);
        ingest.Checkpoint(Content.Length, [new Segment(0, Content.Length)]);
        RandomAccess.SetLength(ingest.Handle, 0);
        ingest.Release();

        var second = _store.Ingests.Begin(Digest);
        Assert.Equal(0, second.Restored.Received);
        second.Write(Content.AsSpan(9000), 9000);
        second.Release();

        // The file is as long again as the old journal says, and is a hole up to its last bytes.
        var third = _store.Ingests.Begin(Digest);
        Assert.Equal(0, third.Restored.Received);
        third.Release();
    }

    [Fact]
    public void Commit_LeavesTheBlobAndNothingElse()
    {
        var ingest = _store.Ingests.Begin(Digest);
        ingest.Write(Content, 0);
        ingest.Checkpoint(Content.Length, [new Segment(0, Content.Length)]);
        ingest.Commit();

        Assert.Equal(Content.Length, _store.Blobs.Length(Digest));
        Assert.False(Directory.Exists(_store.Layout.Partial(Digest)));
        Assert.False(ingest.Handle.IsClosed);
        ingest.Release();
        Assert.True(ingest.Handle.IsClosed);
    }

    [Fact]
    public void Discard_WithAReader_LetsItReadOn()
    {
        var ingest = _store.Ingests.Begin(Digest);
        ingest.Write(Content, 0);
        ingest.Share();
        ingest.Discard();
        ingest.Release();

        var read = new byte[Content.Length];
        Assert.Equal(read.Length, RandomAccess.Read(ingest.Handle, read, 0));
        Assert.Equal(Content, read);
        Assert.False(Directory.Exists(_store.Layout.Partial(Digest)));
        ingest.Release();
    }
}
