using BenchmarkDotNet.Attributes;
using Registry.Storage.Content;

namespace Registry.Bench.Content;

/// <summary>What a fetch does with each piece that it receives.</summary>
public class ContentHasherBenchmarks
{
    private const int PieceSize = 64 << 10;

    private readonly byte[] _piece = new byte[PieceSize];
    private ContentHasher _hasher = null!;

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_piece);
        _hasher = new ContentHasher(DigestAlgorithm.Sha256);
    }

    [GlobalCleanup]
    public void Cleanup() => _hasher.Dispose();

    [Benchmark]
    public void Append64KiB() => _hasher.Append(_piece);

    [Benchmark]
    public Digest Whole64KiB() => Digest.Of(DigestAlgorithm.Sha256, _piece);
}
