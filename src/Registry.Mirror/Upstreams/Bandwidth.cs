namespace Registry.Mirror.Upstreams;

/// <summary>
/// The bound on bytes a second from one upstream, over all its connections. Thread-safe. Bytes are paid for after they came: each reader waits until what was taken
/// so far is allowed, so that over a second the bound holds whatever the sizes of the reads.
/// </summary>
internal sealed class Bandwidth(long bytesPerSecond, TimeProvider time)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _paidUntil = time.GetUtcNow();

    /// <summary>Waits for as long as the bytes cost.</summary>
    public Task PayAsync(int bytes, CancellationToken cancellation)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _paidUntil = (_paidUntil > now ? _paidUntil : now) + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            wait = _paidUntil - now;
        }

        return Task.Delay(wait, time, cancellation);
    }
}
