namespace Registry.Server.Authentication;

/// <summary>
/// Many budgets in a memory that never grows: a key has the slot that its hash says, and shares it with others now and then. Thread-safe; allocates nothing.
/// </summary>
/// <remarks>
/// The generic cell rate algorithm: a slot holds the time at which its budget is whole again. Keys are hashed with a secret of the process, so nobody can aim at
/// another's slot.
/// </remarks>
internal sealed class RateSlots
{
    private readonly long[] _full;
    private readonly long _interval;
    private readonly long _tolerance;
    private readonly TimeProvider _time;

    /// <summary>Budgets, all whole.</summary>
    /// <param name="slots">How many: 8 bytes each.</param>
    /// <param name="burst">How many may be spent at once.</param>
    /// <param name="interval">How long one takes to come back.</param>
    /// <param name="time">The clock.</param>
    public RateSlots(int slots, int burst, TimeSpan interval, TimeProvider time)
    {
        _full = new long[slots];
        _interval = (long)(interval.TotalSeconds * time.TimestampFrequency);
        _tolerance = _interval * (burst - 1);
        _time = time;
    }

    /// <summary>Spends one.</summary>
    /// <returns>Zero: it is spent. Else how long to wait, and nothing is spent.</returns>
    public TimeSpan Spend(int hash)
    {
        ref var slot = ref Slot(hash);
        while (true)
        {
            var now = _time.GetTimestamp();
            var full = Volatile.Read(ref slot);
            if (full - now > _tolerance)
            {
                return TimeSpan.FromSeconds((double)(full - now - _tolerance) / _time.TimestampFrequency);
            }

            if (Interlocked.CompareExchange(ref slot, Math.Max(full, now) + _interval, full) == full)
            {
                return TimeSpan.Zero;
            }
        }
    }

    /// <summary>Gives back one that was spent.</summary>
    public void Return(int hash) => Interlocked.Add(ref Slot(hash), -_interval);

    /// <summary>Whether anything is spent that has not come back.</summary>
    public bool IsTouched(int hash) => Volatile.Read(ref Slot(hash)) > _time.GetTimestamp();

    private ref long Slot(int hash) => ref _full[(uint)hash % (uint)_full.Length];
}
