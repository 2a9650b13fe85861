using Registry.Testing;

namespace Registry.Storage.Tests.Layout;

public sealed class StoreLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Open_SecondTime_IsRefusedWithWhatToDo()
    {
        using var first = Open(_directory.Path);
        var refusal = Assert.Throws<StoreUnavailableException>(() => Open(_directory.Path));
        Assert.Contains(_directory.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("in use by another registry", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("storage.filesystem.rootdirectory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterDisposal_Succeeds()
    {
        Open(_directory.Path).Dispose();
        Open(_directory.Path).Dispose();
    }

    [Fact]
    public void Open_DirectoryThatCannotBeMade_IsRefusedWithWhatToDo()
    {
        File.WriteAllText(_directory.File("file"), "");
        var refusal = Assert.Throws<StoreUnavailableException>(() => Open(_directory.File("file/data")));
        Assert.Contains("cannot be written", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("storage.filesystem.rootdirectory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EmptyDirectory_MakesNothingOfDistributions()
    {
        using var store = Open(_directory.Path);
        Assert.Equal(["mirror"], Directory.GetFileSystemEntries(_directory.Path).Select(Path.GetFileName));
    }

    public void Dispose() => _directory.Dispose();

    private static Store Open(string root) => Store.Open(new StorageOptions { RootDirectory = root }, null, TimeProvider.System);
}
