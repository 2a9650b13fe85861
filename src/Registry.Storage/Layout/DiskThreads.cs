namespace Registry.Storage.Layout;

/// <summary>
/// Runs what waits for the disk on threads of its own, in the order in which it came: the thread pool, which answers everything else, has only few on a small machine.
/// Thread-safe. Threads are started when they are needed, and end when they have had nothing to do for a while.
/// </summary>
public sealed class DiskThreads
{
    /// <summary>Most threads, and so most waits for the disk at once. More would wait for the same journal of the file system.</summary>
    public const int MaxThreads = 16;

    private const int StackSize = 512 << 10;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    // Also what idle threads wait on. Not bounded by itself: each request has at most one piece of work in it, and connections are bounded.
    private readonly Queue<Action> _work = new();
    private int _threads;
    private int _idle;

    /// <summary>Runs work on one of the threads.</summary>
    /// <returns>Ends with the work, and with what it throws. Goes on elsewhere.</returns>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>Runs work on one of the threads.</summary>
    /// <returns>Ends with what the work returns or throws. Goes on elsewhere.</returns>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    private void Add(Action work)
    {
        lock (_work)
        {
            _work.Enqueue(work);
            if (_work.Count <= _idle || _threads == MaxThreads)
            {
                Monitor.Pulse(_work);
                return;
            }

            _threads++;
        }

        new Thread(Work, StackSize) { IsBackground = true, Name = "disk" }.Start();
    }

    private void Work()
    {
        while (Take() is { } work)
        {
            work();
        }
    }

    private Action? Take()
    {
        lock (_work)
        {
            while (_work.Count == 0)
            {
                _idle++;
                var wasPulsed = Monitor.Wait(_work, IdleTime);
                _idle--;
                if (!wasPulsed && _work.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }

            return _work.Dequeue();
        }
    }
}
