using System.Text;
using Registry.Storage.Layout;
using Registry.Testing;

namespace Registry.Storage.Tests.Layout;

public sealed class DurabilityTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Durability _disk;

    public DurabilityTests() => _disk = new Durability(_directory.Path);

    [Fact]
    public void WriteFile_NewPath_MakesDirectoriesAndLeavesNothingBeside()
    {
        var path = _directory.File("a/b/c/file");
        _disk.WriteFile(path, "one"u8);
        _disk.WriteFile(path, "two"u8);
        Assert.Equal("two", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_directory.File("a/b/c")));
    }

    [Fact]
    public void WriteFile_DirectoryInItsPlace_FailsAndLeavesEverythingAsItWas()
    {
        var path = _directory.Subdirectory("taken");
        File.WriteAllText(Path.Join(path, "old"), "content");
        Assert.ThrowsAny<Exception>(() => _disk.WriteFile(path, "new"u8));
        Assert.Equal([path], Directory.GetFileSystemEntries(_directory.Path));
        Assert.Equal("content", File.ReadAllText(Path.Join(path, "old")));
    }

    [Fact]
    public void WriteFile_FileWhereADirectoryShouldBe_FailsWithAnIoError()
    {
        File.WriteAllText(_directory.File("file"), "content");
        Assert.ThrowsAny<IOException>(() => _disk.WriteFile(_directory.File("file/below"), "new"u8));
        Assert.Equal("content", File.ReadAllText(_directory.File("file")));
    }

    [Fact]
    public async Task WriteFile_ManyAtOnce_ReadersSeeOneOfThemWhole()
    {
        var path = _directory.File("file");
        var contents = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 4000)).ToArray();
        _disk.WriteFile(path, Encoding.ASCII.GetBytes(contents[0]));
        var writing = Task.WhenAll(contents.Select(content => Task.Run(() => _disk.WriteFile(path, Encoding.ASCII.GetBytes(content)), TestContext.Current.CancellationToken)));
        while (!writing.IsCompleted)
        {
            Assert.Contains(SmallFile.ReadText(path, 10_000), contents);
        }

        await writing;
        Assert.Equal([path], Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void MoveIntoPlace_OpenFile_CanStillBeRead()
    {
        var from = _directory.File("from");
        var to = _directory.File("deep/to");
        File.WriteAllText(from, "content");
        using var file = File.OpenHandle(from, FileMode.Open, FileAccess.ReadWrite);
        _disk.MoveIntoPlace(file, from, to);
        Assert.False(File.Exists(from));
        Assert.Equal("content", File.ReadAllText(to));
        Assert.Equal(7, RandomAccess.GetLength(file));
    }

    public void Dispose() => _directory.Dispose();
}
