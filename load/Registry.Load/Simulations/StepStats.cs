using System.Collections.Concurrent;
using Registry.Load.Measures;

namespace Registry.Load.Simulations;

/// <summary>What the runs of one step came to. Thread-safe.</summary>
internal sealed class StepStats(string name)
{
    private int _ok;
    private int _failed;

    public string Name { get; } = name;

    public int Ok => _ok;

    public int Failed => _failed;

    /// <summary>Of the successful ones.</summary>
    public Latencies Latencies { get; } = new();

    /// <summary>What went wrong, and how often.</summary>
    public ConcurrentDictionary<string, int> Errors { get; } = new(StringComparer.Ordinal);

    public void Add(Response response, TimeSpan latency)
    {
        if (response.Error is { } error)
        {
            Interlocked.Increment(ref _failed);
            Errors.AddOrUpdate(error, 1, static (_, count) => count + 1);
            return;
        }

        Interlocked.Increment(ref _ok);
        Latencies.Record(latency);
    }
}
