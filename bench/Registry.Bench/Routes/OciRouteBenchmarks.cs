using BenchmarkDotNet.Attributes;
using Registry.Server.Routes;

namespace Registry.Bench.Routes;

public class OciRouteBenchmarks
{
    private const string Blob = "/v2/library/nginx/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Benchmark]
    public OciRouteKind ParseBlob() => OciRoute.Parse(Blob).Kind;

    [Benchmark]
    public OciRouteKind ParseManifest() => OciRoute.Parse("/v2/library/nginx/manifests/1.29").Kind;
}
