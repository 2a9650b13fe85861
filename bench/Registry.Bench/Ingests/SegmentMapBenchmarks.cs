using BenchmarkDotNet.Attributes;
using Registry.Storage.Ingests;

namespace Registry.Bench.Ingests;

/// <summary>What a fetch does with the map for each piece: eight connections, each adding to the end of its own segment.</summary>
public class SegmentMapBenchmarks
{
    private const int Connections = 8;
    private const int PieceSize = 64 << 10;
    private const long Apart = 1L << 50;

    private readonly SegmentMap _map = new();
    private readonly long[] _ends = new long[Connections];
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < Connections; i++)
        {
            _map.Add(i * Apart, (i * Apart) + 1);
            _ends[i] = (i * Apart) + 1;
        }
    }

    [Benchmark]
    public long AddToTheEndOfASegment()
    {
        var i = _next++ % Connections;
        _map.Add(_ends[i], _ends[i] += PieceSize);
        return _map.Received;
    }

    [Benchmark]
    public long Watermark() => _map.Watermark;
}
