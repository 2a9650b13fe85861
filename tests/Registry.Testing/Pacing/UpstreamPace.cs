using System.Collections.Concurrent;

namespace Registry.Testing.Pacing;

/// <summary>How slow and how far away a scripted upstream is. Every property may be changed at any time and acts from the next piece on. Thread-safe.</summary>
public sealed class UpstreamPace
{
    private readonly TimeProvider _time;
    private readonly RateLimit _total;
    private readonly ConcurrentDictionary<string, RateLimit> _connections = new(StringComparer.Ordinal);
    private long _perConnection;
    private long _inAll;
    private long _latencyTicks;

    internal UpstreamPace(TimeProvider time)
    {
        _time = time;
        _total = new RateLimit(time);
    }

    /// <summary>Bytes of bodies a second on each connection; 0 for no limit.</summary>
    public long BytesPerSecondPerConnection
    {
        get => Interlocked.Read(ref _perConnection);
        set => Interlocked.Exchange(ref _perConnection, value);
    }

    /// <summary>Bytes of bodies a second on all connections together; 0 for no limit.</summary>
    public long BytesPerSecond
    {
        get => Interlocked.Read(ref _inAll);
        set => Interlocked.Exchange(ref _inAll, value);
    }

    /// <summary>Waited before each answer's headers: the round trip.</summary>
    public TimeSpan Latency
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _latencyTicks));
        set => Interlocked.Exchange(ref _latencyTicks, value.Ticks);
    }

    /// <summary>Size of the next piece: a twentieth of a second's worth at the smallest rate in force, so that a slow body flows and does not jerk.</summary>
    internal int PieceSize()
    {
        const int Largest = 64 * 1024;
        var rate = new[] { BytesPerSecondPerConnection, BytesPerSecond }.Where(r => r > 0).DefaultIfEmpty(long.MaxValue).Min();
        return (int)Math.Clamp(rate / 20, 1, Largest);
    }

    internal Task BeforeHeadersAsync(CancellationToken cancellationToken) =>
        Latency > TimeSpan.Zero ? Task.Delay(Latency, _time, cancellationToken) : Task.CompletedTask;

    internal async Task BeforePieceAsync(string connection, int bytes, CancellationToken cancellationToken)
    {
        if (BytesPerSecondPerConnection is > 0 and var own)
        {
            var limit = _connections.GetOrAdd(connection, static (_, time) => new RateLimit(time), _time);
            await limit.WaitAsync(bytes, own, cancellationToken);
        }

        if (BytesPerSecond is > 0 and var all)
        {
            await _total.WaitAsync(bytes, all, cancellationToken);
        }
    }
}
