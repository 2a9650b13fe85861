using Registry.Storage.Content;

namespace Registry.Testing.Requests;

/// <summary>Every request that a scripted upstream has seen, in order of arrival. Thread-safe.</summary>
public sealed class RequestLog
{
    private readonly Lock _lock = new();
    private readonly List<UpstreamRequest> _requests = [];
    private TaskCompletionSource? _changed;
    private int _connectionsOpened;

    /// <summary>All requests so far: a copy.</summary>
    public IReadOnlyList<UpstreamRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return _requests.ToArray();
            }
        }
    }

    /// <summary>Connections accepted by all listeners so far.</summary>
    public int ConnectionsOpened => Volatile.Read(ref _connectionsOpened);

    /// <summary>How many requests so far satisfy the condition.</summary>
    public int Count(Func<UpstreamRequest, bool> condition) => Requests.Count(condition);

    /// <summary>Bytes of that blob or manifest sent so far, by all listeners and in all answers.</summary>
    public long BytesSent(Digest digest) => Requests.Where(r => r.Digest == digest).Sum(r => r.BytesSent);

    /// <summary>Forgets the requests so far, so that a test can count from here on.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    /// <summary>
    /// Completes as soon as the condition holds. It is judged now and after every change: a request, a status, bytes sent, an end, a connection.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task WaitForAsync(Func<RequestLog, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the condition is judged: a change in between completes it, so none is missed.
            Task changed;
            lock (_lock)
            {
                _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            if (condition(this))
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    internal void Add(UpstreamRequest request)
    {
        lock (_lock)
        {
            _requests.Add(request);
        }

        Changed();
    }

    internal void ConnectionOpened()
    {
        Interlocked.Increment(ref _connectionsOpened);
        Changed();
    }

    internal void Changed()
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
    }
}
