using Registry.Storage.Layout;
using Registry.Testing;

namespace Registry.Storage.Tests.Layout;

public sealed class WriteBatchTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void GiveNames_AfterSyncBytes_ShowsAllAndLeavesNothingAside()
    {
        using var batch = new WriteBatch(new Durability(_directory.Path));
        batch.Write(_directory.File("a/one"), "one"u8, _directory.Path);
        batch.Write(_directory.File("b/two"), "two"u8);
        batch.SyncBytes();
        Assert.False(File.Exists(_directory.File("a/one")));
        Assert.False(File.Exists(_directory.File("b/two")));

        batch.GiveNames();
        batch.SyncNames();

        Assert.Equal("one", File.ReadAllText(_directory.File("a/one")));
        Assert.Equal("two", File.ReadAllText(_directory.File("b/two")));
        Assert.Equal(2, Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Dispose_BeforeNamesAreGiven_RemovesWhatWasWritten()
    {
        using (var batch = new WriteBatch(new Durability(_directory.Path)))
        {
            batch.Write(_directory.File("a/one"), "one"u8);
            batch.SyncBytes();
        }

        Assert.Empty(Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void MakeDirectory_ThereButNotSyncedByUs_IsToBeSyncedUntilItWas()
    {
        var disk = new Durability(_directory.Path);
        var path = _directory.Subdirectory("a/b/c");
        var root = _directory.Path;
        Assert.Equal([root, Path.Join(root, "a"), Path.Join(root, "a/b")], ParentsOf(disk, path));
        Assert.Equal([root, Path.Join(root, "a"), Path.Join(root, "a/b")], ParentsOf(disk, path));

        disk.CreateDirectory(path);

        Assert.Equal([Path.Join(root, "a/b")], ParentsOf(disk, Path.Join(root, "a/b/other")));
    }

    [Fact]
    public void MakeDirectory_RemovedAfterItWasSynced_IsToBeSyncedAgain()
    {
        var disk = new Durability(_directory.Path);
        var root = _directory.Path;
        disk.CreateDirectory(Path.Join(root, "a/b/c"));
        Directory.Delete(Path.Join(root, "a/b"), recursive: true);

        Assert.Equal([Path.Join(root, "a"), Path.Join(root, "a/b")], ParentsOf(disk, Path.Join(root, "a/b/c")));
    }

    public void Dispose() => _directory.Dispose();

    private static string[] ParentsOf(Durability disk, string path)
    {
        var parents = new HashSet<string>();
        disk.MakeDirectory(path, parents);
        return [.. parents.Order(StringComparer.Ordinal)];
    }
}
