using BenchmarkDotNet.Attributes;
using Registry.Storage.Content;

namespace Registry.Bench.Content;

public class NameBenchmarks
{
    private const string Repository = "ghcr.io/owner/some-project__image";
    private const string Version = "1.29.3-alpine3.22-perl";

    [Benchmark]
    public RepositoryName? ParseRepositoryName() => RepositoryName.TryParse(Repository, out var name) ? name : null;

    [Benchmark]
    public bool RefuseRepositoryName() => RepositoryName.TryParse("library/Nginx", out _);

    [Benchmark]
    public Tag? ParseTag() => Tag.TryParse(Version, out var tag) ? tag : null;
}
