using Registry.Storage.Layout;

namespace Registry.Storage.Caches;

/// <summary>When something in memory was last written down as used, so that a hit seldom touches the disk. Thread-safe.</summary>
internal sealed class LastUse(DateTimeOffset written)
{
    private long _written = written.UtcTicks;

    /// <summary>Whether a use now is to be written to the link on the disk; true for one caller in <see cref="LinkFile.UseResolution"/>.</summary>
    public bool IsDue(DateTimeOffset now)
    {
        var last = Volatile.Read(ref _written);
        return now.UtcTicks - last > LinkFile.UseResolution.Ticks && Interlocked.CompareExchange(ref _written, now.UtcTicks, last) == last;
    }
}
