namespace Registry.Testing.Pacing;

/// <summary>Spaces out bytes so that no more than a given number pass in a second. Thread-safe; who comes first is served first.</summary>
internal sealed class RateLimit(TimeProvider time)
{
    /// <summary>Who comes no later than this after its turn has overslept and catches up, so that coarse timers do not lower the rate; who comes later has paused.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private long _free;

    public Task WaitAsync(int bytes, long bytesPerSecond, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var start = time.GetElapsedTime(_free, now) <= Slack ? _free : now;
            _free = start + (long)((double)bytes / bytesPerSecond * time.TimestampFrequency);
            wait = time.GetElapsedTime(now, _free);
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
