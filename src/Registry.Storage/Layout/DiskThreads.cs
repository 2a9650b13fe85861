using System.Collections.Concurrent;

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

    // Not bounded by itself: each request has at most one piece of work in it, and connections are bounded.
    private readonly BlockingCollection<Action> _work = [];
    private int _threads;
    private int _pending;

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
        var pending = Interlocked.Increment(ref _pending);
        _work.Add(() =>
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

        // Whoever is counted in pending has, or will get, a thread: one too few is impossible, one too many ends by itself.
        int threads;
        while ((threads = Volatile.Read(ref _threads)) < Math.Min(pending, MaxThreads))
        {
            if (Interlocked.CompareExchange(ref _threads, threads + 1, threads) == threads)
            {
                new Thread(Work, StackSize) { IsBackground = true, Name = "disk" }.Start();
            }
        }

        return done.Task;
    }

    private void Work()
    {
        while (true)
        {
            while (_work.TryTake(out var work, IdleTime))
            {
                work();
                Interlocked.Decrement(ref _pending);
            }

            Interlocked.Decrement(ref _threads);

            // Work that came in between counted on this thread.
            if (_work.Count == 0)
            {
                return;
            }

            Interlocked.Increment(ref _threads);
        }
    }
}
