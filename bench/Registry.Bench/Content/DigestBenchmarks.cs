using BenchmarkDotNet.Attributes;
using Registry.Storage.Content;

namespace Registry.Bench.Content;

public class DigestBenchmarks
{
    private const string Text = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly Digest _digest = Digest.Parse(Text);
    private readonly Digest _same = Digest.Parse(Text);
    private readonly Dictionary<Digest, int> _table = new() { [Digest.Parse(Text)] = 1 };

    [Benchmark]
    public bool Parse() => Digest.TryParse(Text, out _);

    [Benchmark]
    public string Format() => _digest.ToString();

    [Benchmark]
    public bool AreEqual() => _digest == _same;

    [Benchmark]
    public int Lookup() => _table[_same];
}
