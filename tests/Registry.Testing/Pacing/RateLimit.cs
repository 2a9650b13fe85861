namespace Registry.Testing.Pacing;

/// <summary>Spaces out bytes so that no more than a given number pass in a second. Thread-safe; who comes first is served first.</summary>
internal sealed class RateLimit(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _free;

    public Task WaitAsync(int bytes, long bytesPerSecond, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var start = Math.Max(now, _free);
            _free = start + (long)((double)bytes / bytesPerSecond * time.TimestampFrequency);
            wait = time.GetElapsedTime(now, _free);
        }

        return Task.Delay(wait, time, cancellationToken);
    }
}
