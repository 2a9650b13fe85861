using System.Text;
using Registry.Storage.Content;
using Registry.Storage.Repositories;

namespace Registry.Storage.Tests.Reclaim;

/// <summary>What happens between an eviction's look at the store and its deletion: nobody is left with a name for a blob that is gone.</summary>
public sealed class EvictorTests : IDisposable
{
    private static readonly RepositoryName Mirrored = RepositoryName.Parse("library/alpine");
    private static readonly RepositoryName Local = RepositoryName.Parse("team/app");

    private readonly TestStore _test = new();
    private readonly Digest _blob = TestStore.DigestOf("layer");

    public EvictorTests()
    {
        _test.Store.Kinds.Decide(Mirrored, RepositoryKind.Mirrored("docker.io"));
        _test.Store.Kinds.Decide(Local, RepositoryKind.Local);
        _test.Store.Blobs.Put(_blob, "layer"u8);
        _test.Store.Layers.Add(Mirrored, _blob, _blob);
        File.SetLastWriteTimeUtc(_test.Store.Layout.Layer(Mirrored, _blob), _test.Time.GetUtcNow().UtcDateTime);
        _test.Time.Advance(TimeSpan.FromDays(1));
    }

    [Fact]
    public void Evict_NobodyComesInBetween_DropsIt()
    {
        Assert.Equal([(_blob, 5L)], _test.Store.Evictor.Evict(1, static _ => false));
        Assert.Null(_test.Store.Blobs.Length(_blob));
        Assert.Null(_test.Store.Layers.Find(Mirrored, _blob));
    }

    [Fact]
    public void Evict_MountedAfterTheLook_LeavesIt()
    {
        var wasThere = false;
        Assert.Empty(EvictWith(() => wasThere = _test.Store.Layers.Add(Local, _blob, _blob)));
        Assert.True(wasThere);
        Assert.NotNull(_test.Store.Blobs.Length(_blob));
    }

    [Fact]
    public void Evict_PushedAfterTheLook_LeavesIt()
    {
        Assert.Empty(EvictWith(() =>
        {
            var session = _test.Store.Uploads.Begin(Local, DigestAlgorithm.Sha256);
            session.Append(new(Encoding.UTF8.GetBytes("layer")));
            Assert.True(session.Matches(_blob));
            _test.Store.Uploads.Commit(session, _blob);
            session.Exit();
        }));
        Assert.NotNull(_test.Store.Blobs.Length(_blob));
        Assert.Equal(_blob, _test.Store.Layers.Find(Local, _blob));
    }

    [Fact]
    public void Evict_SomebodyWasToldOfItAfterTheLook_LeavesIt()
    {
        Assert.Empty(EvictWith(() => Assert.True(_test.Store.Blobs.Renew(_blob))));
        Assert.NotNull(_test.Store.Blobs.Length(_blob));
    }

    [Fact]
    public void Renew_AfterAnEviction_SaysThatItIsGone()
    {
        _test.Store.Evictor.Evict(1, static _ => false);
        Assert.False(_test.Store.Blobs.Renew(_blob));
        Assert.False(_test.Store.Layers.Add(Local, _blob, _blob));
    }

    public void Dispose() => _test.Dispose();

    // The question whether it is in use stands between the look and the deletion.
    private IReadOnlyList<(Digest Digest, long Bytes)> EvictWith(Action inBetween) => _test.Store.Evictor.Evict(1, _ =>
    {
        inBetween();
        return false;
    });
}
