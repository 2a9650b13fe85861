using BenchmarkDotNet.Attributes;
using Registry.Bench.Allocations;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Tags;

namespace Registry.Bench.Tags;

/// <summary>A page of 100 tags from the middle of a repository's list.</summary>
[BenchmarkCategory(AllocationTable.OfDirectories)]
public class TagPageBenchmarks
{
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");

    private string _root = "";
    private string _last = "";
    private Store _store = null!;

    [Params(1_000, 100_000)]
    public int Tags { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _root = Directory.CreateTempSubdirectory("registry-bench-").FullName;
        _store = Store.Open(new StorageOptions { RootDirectory = _root }, null, TimeProvider.System);
        var directory = _store.Layout.Tags(Name);
        for (var i = 0; i < Tags; i++)
        {
            var tag = Path.Join(directory, $"v1.0.{i:000000}", "current");
            Directory.CreateDirectory(tag);
            File.WriteAllText(Path.Join(tag, "link"), Digest.Of(DigestAlgorithm.Sha256, []).ToString());
        }

        Directory.SetLastWriteTimeUtc(directory, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));
        _last = $"v1.0.{Tags / 2:000000}";
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Benchmark]
    public TagPage Warm() => _store.Tags.List(Name, 100, _last);

    /// <summary>The names are read from the directory again, as after a start or a push.</summary>
    [Benchmark]
    public TagPage Cold()
    {
        Directory.SetLastWriteTimeUtc(_store.Layout.Tags(Name), TimeProvider.System.GetUtcNow().UtcDateTime);
        return _store.Tags.List(Name, 100, _last);
    }
}
