using System.Text;
using BenchmarkDotNet.Attributes;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Manifests;
using Registry.Storage.Repositories;

namespace Registry.Bench.Caches;

/// <summary>What a pull asks of the store when it has been asked before: nothing of it goes to the disk.</summary>
public class WarmStoreBenchmarks
{
    private readonly string _root = Directory.CreateTempSubdirectory("registry-bench").FullName;
    private readonly RepositoryName _name = RepositoryName.Parse("library/nginx");
    private readonly Tag _tag = Tag.Parse("latest");
    private Store _store = null!;
    private Digest _digest;

    [GlobalSetup]
    public void Setup()
    {
        var content = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaType.OciManifest}}","layers":[]}""");
        _digest = Digest.Of(DigestAlgorithm.Sha256, content);
        _store = Store.Open(new StorageOptions { RootDirectory = _root }, null, TimeProvider.System);
        _store.Kinds.Decide(_name, RepositoryKind.Local);
        _store.Manifests.Put(_name, new StoredManifest(_digest, MediaType.OciManifest, content));
        _store.Tags.Set(_name, _tag, _digest);
        _store.Layers.Add(_name, _digest, _digest);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Benchmark]
    public object? ManifestByTag() => _store.Tags.Find(_name, _tag) is { } entry ? _store.Manifests.Find(_name, entry.Digest) : null;

    [Benchmark]
    public long OpenBlob()
    {
        using var blob = _store.Blobs.Open(_store.Layers.Find(_name, _digest)!.Value);
        _store.Layers.Use(_name, _digest);
        return blob!.Length;
    }
}
