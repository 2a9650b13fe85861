using System.Diagnostics.CodeAnalysis;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>
/// One thread with a clock of its own: it runs whatever is ready, and when nothing is, the time jumps to the next event. What runs on it, and what that awaits, stays on
/// it, so that a seed decides everything. Not thread-safe: a call from another thread is a fault of the simulation.
/// </summary>
internal sealed class VirtualThread(Random? order) : TaskScheduler
{
    /// <summary>So many steps without the time moving are an endless loop.</summary>
    private const int MaxStepsAtOnce = 1_000_000;

    private readonly int _owner = Environment.CurrentManagedThreadId;
    private readonly List<Task> _ready = [];
    private readonly PriorityQueue<Action, (TimeSpan Due, long Sequence)> _events = new();
    private long _sequence;

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Where another thread took part, which makes the run worthless; null: nowhere.</summary>
    public string? Disturbance { get; private set; }

    /// <summary>Runs something as a task of its own.</summary>
    public void Post(Action action) => _ = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    /// <summary>Runs something at a time.</summary>
    public void At(TimeSpan due, Action action) => _events.Enqueue(action, (due > Now ? due : Now, _sequence++));

    /// <summary>Waits for some virtual time.</summary>
    public async Task DelayAsync(TimeSpan delay, CancellationToken cancellation)
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        At(Now + delay, () => wait.TrySetResult());
        await using var registration = cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), wait);
        await wait.Task;
    }

    /// <summary>Runs until a condition holds, a time is reached, or nothing is left to do.</summary>
    public void RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Run(condition, limit);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    protected override void QueueTask(Task task)
    {
        if (Environment.CurrentManagedThreadId != _owner)
        {
            Disturbance ??= Environment.StackTrace;
        }

        lock (_ready)
        {
            _ready.Add(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private void Run(Func<bool> condition, TimeSpan limit)
    {
        var steps = 0;
        while (!condition())
        {
            if (TryTake(out var task))
            {
                TryExecuteTask(task);
                if (++steps > MaxStepsAtOnce)
                {
                    throw new InvalidOperationException($"The time has stood still at {Now} for {steps} steps.");
                }
            }
            else if (_events.TryPeek(out _, out var next) && next.Due <= limit)
            {
                steps = next.Due > Now ? 0 : steps;
                Now = next.Due;
                _events.Dequeue()();
            }
            else
            {
                return;
            }
        }
    }

    private bool TryTake([NotNullWhen(true)] out Task? task)
    {
        lock (_ready)
        {
            if (_ready.Count == 0)
            {
                task = null;
                return false;
            }

            // What is ready at once may run in any order, as on a pool of threads.
            var index = order?.Next(_ready.Count) ?? 0;
            task = _ready[index];
            _ready.RemoveAt(index);
            return true;
        }
    }
}
