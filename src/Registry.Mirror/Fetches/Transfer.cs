using Registry.Storage.Ingests;

namespace Registry.Mirror.Fetches;

/// <summary>
/// One connection's share of a fetch: the range that it alone brings. Guarded by the fetch's lock, except for what only its own loop touches.
/// </summary>
internal sealed class Transfer : IDisposable
{
    public Transfer(FetchSource source, Segment segment, bool holdsConnection, TimeProvider time)
    {
        Source = source;
        Next = segment.First;
        End = segment.End;
        HoldsConnection = holdsConnection;
        Cancellation = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>Where the bytes come from.</summary>
    public FetchSource Source { get; }

    /// <summary>Offset of the next byte.</summary>
    public long Next { get; set; }

    /// <summary>Offset after the last byte that this transfer is to bring; it may shrink while it runs.</summary>
    public long End { get; set; }

    /// <summary>Whether it has its place in the connection budget.</summary>
    public bool HoldsConnection { get; set; }

    /// <summary>When the source's headers came; null before.</summary>
    public long? OpenedAt { get; set; }

    /// <summary>Bytes received.</summary>
    public long Received { get; set; }

    /// <summary>Whether the rest of its range was given to another transfer, so that its end is no failure.</summary>
    public bool IsCut { get; set; }

    /// <summary>Fires when the transfer is cut, stalls, or the fetch ends.</summary>
    public CancellationTokenSource Cancellation { get; }

    /// <summary>Whether it has been told to stop and has not ended yet.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Stops it, if it has not ended by itself. Not to be called under the fetch's lock: what waits on the token goes on inside.</summary>
    public void Stop()
    {
        try
        {
            Cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <summary>Bytes a second since the headers came; 0 before.</summary>
    public double Speed(TimeProvider time) =>
        OpenedAt is { } opened ? Received / Math.Max(time.GetElapsedTime(opened).TotalSeconds, 0.001) : 0;

    /// <inheritdoc/>
    public void Dispose() => Cancellation.Dispose();
}
