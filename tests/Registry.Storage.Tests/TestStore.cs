using Microsoft.Extensions.Time.Testing;
using Registry.Storage.Content;
using Registry.Testing;

namespace Registry.Storage.Tests;

/// <summary>A store in a directory of its own, with a clock that stands still until it is told otherwise.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string? _inheritFrom;
    private Store? _store;

    public TestStore(string? inheritFrom = null) => _inheritFrom = inheritFrom;

    /// <summary>Begins at a whole second: file systems keep at least those.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public string Root => _directory.Path;

    /// <summary>The store, opened when it is first used.</summary>
    public Store Store => _store ??= Store.Open(new StorageOptions { RootDirectory = Root }, _inheritFrom, Time);

    public static implicit operator Store(TestStore test) => test.Store;

    public static Digest DigestOf(string content) => Digest.Of(DigestAlgorithm.Sha256, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Gives the store up and opens it again when it is next used, as a restart does.</summary>
    public void Restart()
    {
        _store?.Dispose();
        _store = null;
    }

    /// <summary>Writes a file below the root as somebody else would: distribution, a crash, a hand.</summary>
    public string Write(string path, string content)
    {
        var full = Path.Join(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return full;
    }

    public void Dispose()
    {
        _store?.Dispose();
        _directory.Dispose();
    }
}
