using Registry.Storage.Content;
using Registry.Storage.Manifests;

namespace Registry.Storage.Tests.Repositories;

/// <summary>A deletion comes before a manifest's push, or after it, and never between its look at what it is made of and its link.</summary>
public sealed class RepositoryLocksTests : IDisposable
{
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");
    private static readonly Tag Latest = Tag.Parse("latest");

    private readonly TestStore _test = new();

    [Fact]
    public void Delete_BlobOfAManifestThatIsBeingPushed_WaitsForThePush()
    {
        var blob = TestStore.DigestOf("layer");
        _test.Store.Layers.Add(Name, blob, blob);
        Thread? deletion = null;

        _test.Store.Repositories.Push(Name, () =>
        {
            Assert.NotNull(_test.Store.Layers.Find(Name, blob));
            deletion = StartAndWait(() => _test.Store.Repositories.Delete(Name, () => _test.Store.Layers.Delete(Name, blob)));
            Assert.NotNull(_test.Store.Layers.Find(Name, blob));
        });

        deletion!.Join();
        Assert.Null(_test.Store.Layers.Find(Name, blob));
    }

    [Fact]
    public void Push_OfAManifestThatIsBeingDeleted_ComesAfterAndIsWhole()
    {
        var manifest = new StoredManifest(TestStore.DigestOf("{}"), MediaType.OciManifest, "{}"u8.ToArray());
        _test.Store.Manifests.Put(Name, manifest, Latest);
        Thread? push = null;

        _test.Store.Repositories.Delete(Name, () =>
        {
            _test.Store.Tags.DeleteAll(Name, manifest.Digest);
            push = StartAndWait(() => _test.Store.Repositories.Push(Name, () => _test.Store.Manifests.Put(Name, manifest, Latest)));
            return _test.Store.Manifests.Delete(Name, manifest.Digest);
        });

        push!.Join();
        Assert.Equal(manifest.Digest, _test.Store.Tags.Find(Name, Latest)?.Digest);
        Assert.NotNull(_test.Store.Manifests.Find(Name, manifest.Digest));
    }

    [Fact]
    public void Push_WhileAnotherGoesOn_DoesNotWait()
    {
        var ran = false;
        _test.Store.Repositories.Push(Name, () =>
        {
            var other = new Thread(() => _test.Store.Repositories.Push(Name, () => ran = true));
            other.Start();
            other.Join();
        });
        Assert.True(ran);
    }

    public void Dispose() => _test.Dispose();

    // Returns when the thread waits for the lock; or has ended, because there was none.
    private static Thread StartAndWait(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => !thread.IsAlive || thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(30)));
        return thread;
    }
}
