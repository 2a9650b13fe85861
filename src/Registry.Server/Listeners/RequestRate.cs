using System.Collections.Concurrent;
using Registry.Server.Requests;

namespace Registry.Server.Listeners;

/// <summary>
/// Bounds the requests per second of one client (<c>http.limits.requestspersecond</c>): an address has a bucket of so many tokens as may be used in one
/// second, which fills evenly. Thread-safe.
/// </summary>
internal sealed class RequestRate(int perSecond, TimeProvider time)
{
    /// <summary>Most addresses told apart: some 6 MB. Those that come when the table is full of busy ones share one bucket.</summary>
    private const int MaxBuckets = 1 << 16;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<UInt128, Bucket> _buckets = new();
    private readonly Bucket _others = new(perSecond, time.GetTimestamp());
    private long _swept = time.GetTimestamp();

    /// <summary>Whether a client may ask now; that counts as a request. A proxy that names no client, and a Unix socket, are not counted: they stand for many.</summary>
    public bool Allows(ClientOrigin origin)
    {
        if (origin.IsTrustedProxy || origin.Address is null)
        {
            return true;
        }

        var now = time.GetTimestamp();
        var bucket = Find(ClientKey.Of(origin.Address), now);
        lock (bucket)
        {
            Fill(bucket, now);
            if (bucket.Tokens < 1)
            {
                return false;
            }

            bucket.Tokens--;
            return true;
        }
    }

    private Bucket Find(UInt128 key, long now)
    {
        if (_buckets.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_buckets.Count >= MaxBuckets)
        {
            Sweep(now);
            if (_buckets.Count >= MaxBuckets)
            {
                return _others;
            }
        }

        return _buckets.GetOrAdd(key, static (_, args) => new Bucket(args.perSecond, args.now), (perSecond, now));
    }

    // A full bucket is the same as none.
    private void Sweep(long now)
    {
        var last = Interlocked.Read(ref _swept);
        if (time.GetElapsedTime(last, now) < SweepInterval || Interlocked.CompareExchange(ref _swept, now, last) != last)
        {
            return;
        }

        foreach (var entry in _buckets)
        {
            lock (entry.Value)
            {
                Fill(entry.Value, now);
                if (entry.Value.Tokens >= perSecond)
                {
                    _buckets.TryRemove(entry);
                }
            }
        }
    }

    private void Fill(Bucket bucket, long now)
    {
        var elapsed = time.GetElapsedTime(bucket.Filled, now);
        if (elapsed > TimeSpan.Zero)
        {
            bucket.Tokens = Math.Min(perSecond, bucket.Tokens + (elapsed.TotalSeconds * perSecond));
            bucket.Filled = now;
        }
    }

    /// <summary>What one client has left. Guarded by its own lock.</summary>
    private sealed class Bucket(double tokens, long filled)
    {
        public double Tokens { get; set; } = tokens;

        public long Filled { get; set; } = filled;
    }
}
