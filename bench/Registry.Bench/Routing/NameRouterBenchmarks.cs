using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage;

namespace Registry.Bench.Routing;

/// <summary>Whom a name means, as every request asks.</summary>
public class NameRouterBenchmarks
{
    private readonly string _root = Directory.CreateTempSubdirectory("registry-bench").FullName;
    private Store _store = null!;
    private Upstream _upstream = null!;
    private NameRouter _router = null!;

    [GlobalSetup]
    public void Setup()
    {
        _store = Store.Open(new StorageOptions { RootDirectory = _root }, null, TimeProvider.System);
        _upstream = new Upstream(
            new UpstreamOptions { Name = "docker.io", Endpoints = [new EndpointOptions(new Uri("http://127.0.0.1:9"))] }, TimeProvider.System, NullLogger.Instance);
        _router = new NameRouter([_upstream], "docker.io", [], _store.Kinds, null);
        _store.Kinds.Decide(Storage.Content.RepositoryName.Parse("library/nginx"), Storage.Repositories.RepositoryKind.Mirrored("docker.io"));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _upstream.Dispose();
        _store.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Benchmark]
    public bool Resolve() => _router.Resolve("library/nginx", null).Destination is not null;
}
