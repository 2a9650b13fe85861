using Microsoft.AspNetCore.Connections;

namespace Registry.Server.Transport;

/// <summary>
/// Aborts a connection whose client takes nothing for too long. Made at the first wait, so that who never waits pays nothing. Belongs to the one that writes.
/// </summary>
internal sealed class StallTimer(ConnectionContext connection, TimeProvider time, TimeSpan limit) : IDisposable
{
    private ITimer? _timer;

    /// <summary>A wait begins, or the client took something: from now on it has the whole limit.</summary>
    public void Restart()
    {
        if (_timer is null)
        {
            _timer = time.CreateTimer(
                static state => ((ConnectionContext)state!).Abort(new ConnectionAbortedException("The client takes nothing.")), connection, limit, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The wait is over.</summary>
    public void Stop() => _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();
}
