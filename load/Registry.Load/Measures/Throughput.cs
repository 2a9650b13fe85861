using System.Diagnostics;

namespace Registry.Load.Measures;

/// <summary>Counts bytes by when they came. Thread-safe.</summary>
/// <param name="started">The beginning, of <see cref="Stopwatch.GetTimestamp"/>.</param>
internal sealed class Throughput(long started)
{
    private const double SecondsPerBucket = 0.25;

    /// <summary>An hour and a half; what comes later counts in the total alone.</summary>
    private readonly long[] _buckets = new long[4 * 5400];

    private long _bytes;

    public long Started { get; } = started;

    public long Bytes => Volatile.Read(ref _bytes);

    public void Add(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        var bucket = (int)(Stopwatch.GetElapsedTime(Started).TotalSeconds / SecondsPerBucket);
        if (bucket < _buckets.Length)
        {
            Interlocked.Add(ref _buckets[bucket], bytes);
        }
    }

    /// <summary>Seconds since the beginning, and bytes a second; without the last bucket, which is not full.</summary>
    public IReadOnlyList<(double Seconds, double BytesPerSecond)> Points()
    {
        var last = Math.Max(Array.FindLastIndex(_buckets, static bytes => bytes > 0), 1);
        return [.. _buckets.Take(last).Select(static (bytes, bucket) => ((bucket + 0.5) * SecondsPerBucket, bytes / SecondsPerBucket))];
    }
}
