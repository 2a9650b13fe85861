namespace Registry.Mirror.Upstreams;

/// <summary>
/// Leaves an endpoint alone that is broken, so that nobody waits for it and it is not flooded while it recovers. Thread-safe.
/// </summary>
/// <remarks>
/// After <see cref="Tolerance"/> failures in a row it opens for some seconds; then one request tries, and its outcome closes it or opens it for twice as long.
/// Only what speaks of the endpoint itself counts: no answer, no connection, a 5xx.
/// </remarks>
internal sealed class CircuitBreaker(TimeProvider time)
{
    /// <summary>Failures in a row that are put up with: more than one fetch makes before it gives up, so that one blob which cannot be had does not close an upstream.</summary>
    public const int Tolerance = 5;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private int _failures;
    private TimeSpan _pause;
    private DateTimeOffset _until;
    private bool _isProbing;

    /// <summary>Whether a request may go out; if not, for how long the endpoint is still left alone.</summary>
    public bool TryPass(out TimeSpan remaining)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            remaining = _until - now;
            if (_failures < Tolerance)
            {
                return true;
            }

            if (remaining > TimeSpan.Zero)
            {
                return false;
            }

            // This one tries; the others go on waiting for what it finds, or for a further one when it is given up.
            _until = now + First;
            _isProbing = true;
            return true;
        }
    }

    /// <summary>Takes note of what became of a request.</summary>
    public void Record(UpstreamFailure? failure)
    {
        lock (_gate)
        {
            if (failure?.Kind is not (UpstreamFailureKind.Unavailable or UpstreamFailureKind.Unreachable or UpstreamFailureKind.Timeout))
            {
                _failures = 0;
                _pause = TimeSpan.Zero;
                _isProbing = false;
                return;
            }

            // Requests that were under way together fail together: that is one failure more, not a longer pause for each.
            var now = time.GetUtcNow();
            if (++_failures >= Tolerance && (_isProbing || now >= _until))
            {
                _isProbing = false;
                _pause = _pause == TimeSpan.Zero ? First : _pause * 2;
                _pause = _pause > Longest ? Longest : _pause;
                _until = now + (failure.RetryAfter is { } asked && asked > _pause && asked <= Longest ? asked : _pause);
            }
        }
    }
}
