using BenchmarkDotNet.Attributes;
using Registry.Server.Blobs;

namespace Registry.Bench.Blobs;

public class ByteRangeBenchmarks
{
    private const long Length = 256 << 20;

    [Benchmark]
    public long Read() => ByteRange.TryParse("1048576-2097151", Length, out var range) ? range.First : -1;
}
