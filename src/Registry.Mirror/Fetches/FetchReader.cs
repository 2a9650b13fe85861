using System.Threading.Tasks.Sources;
using Microsoft.Win32.SafeHandles;

namespace Registry.Mirror.Fetches;

/// <summary>
/// One who follows a fetch's growing file. One wait at a time; waiting allocates nothing. Owned by who follows; to be disposed.
/// </summary>
internal sealed class FetchReader(Fetch fetch) : IValueTaskSource<long>, IDisposable
{
    private ManualResetValueTaskSourceCore<long> _wait = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private int _disposed;

    /// <summary>The fetch that is followed.</summary>
    public Fetch Fetch => fetch;

    /// <summary>The growing file; bytes may be read where <see cref="WaitAsync"/> has said so.</summary>
    public SafeFileHandle File => fetch.File;

    /// <summary>Where the reader waits, under the fetch's lock.</summary>
    internal long Position { get; private set; }

    /// <summary>Whether the reader wants a range that ends before the blob does, or counts from its end.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>Waits until bytes can be read at a position.</summary>
    /// <param name="position">Offset in the blob.</param>
    /// <param name="isClosed">Whether the reader asked for a closed or suffix range; else the last bytes are held back until the digest is confirmed.</param>
    /// <param name="cancellation">The reader's own; the fetch goes on.</param>
    /// <returns>How many bytes can be read; 0 at the end of the blob.</returns>
    /// <exception cref="BlobBrokenException">The blob does not come.</exception>
    public ValueTask<long> WaitAsync(long position, bool isClosed, CancellationToken cancellation)
    {
        Position = position;
        IsClosed = isClosed;
        _wait.Reset();
        if (fetch.TryRead(this, out var available))
        {
            return new ValueTask<long>(available);
        }

        _cancellation = cancellation.UnsafeRegister(static (state, token) => ((FetchReader)state!).Cancel(token), this);
        return new ValueTask<long>(this, _wait.Version);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _cancellation.Dispose();
            fetch.Leave(this);
        }
    }

    /// <summary>Ends the wait; called once for each, by who took the reader off the list of those waiting.</summary>
    internal void Wake(long available) => _wait.SetResult(available);

    /// <summary>Ends the wait with a failure; called as <see cref="Wake"/> is.</summary>
    internal void Break(Exception failure) => _wait.SetException(failure);

    long IValueTaskSource<long>.GetResult(short token)
    {
        _cancellation.Dispose();
        return _wait.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<long>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<long>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellation)
    {
        if (fetch.TryStopWaiting(this))
        {
            Break(new OperationCanceledException(cancellation));
        }
    }
}
