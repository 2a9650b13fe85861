namespace Registry.Mirror.Tests.Fetches;

/// <summary>The clock of a <see cref="VirtualThread"/>; its timers fire there.</summary>
internal sealed class VirtualTime(VirtualThread thread) : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Timers that are yet to fire.</summary>
    public int Armed { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => thread.Now.Ticks;

    public override DateTimeOffset GetUtcNow() => Beginning + thread.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private int _version;
        private bool _armed;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            var version = ++_version;
            Arm(dueTime != Timeout.InfiniteTimeSpan);
            if (_armed)
            {
                time.Schedule(dueTime, () => Fire(version, period));
            }

            return true;
        }

        public void Dispose() => Disarm();

        public ValueTask DisposeAsync()
        {
            Disarm();
            return ValueTask.CompletedTask;
        }

        private void Disarm()
        {
            _disposed = true;
            _version++;
            Arm(false);
        }

        private void Fire(int version, TimeSpan period)
        {
            if (version == _version)
            {
                Change(period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan, period);
                time.Post(() => callback(state));
            }
        }

        private void Arm(bool armed)
        {
            time.Armed += (armed ? 1 : 0) - (_armed ? 1 : 0);
            _armed = armed;
        }
    }

    private void Schedule(TimeSpan delay, Action action) => thread.At(thread.Now + delay, action);

    private void Post(Action action) => thread.Post(action);
}
