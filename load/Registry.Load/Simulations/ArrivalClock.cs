using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Registry.Load.Simulations;

/// <summary>Waits for a moment to within some 60 µs, where the runtime's timers have 1 ms. For a thread that does nothing else.</summary>
internal static partial class ArrivalClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Blocks until so long after a timestamp of <see cref="Stopwatch"/>; not at all when that is past.</summary>
    public static void WaitUntil(long started, TimeSpan offset)
    {
        while (offset - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } left)
        {
            var nanoseconds = left.Ticks * TimeSpan.NanosecondsPerTick;
            var time = new TimeSpec((nint)(nanoseconds / NanosecondsPerSecond), (nint)(nanoseconds % NanosecondsPerSecond));
            _ = Sleep(in time, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in TimeSpec time, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);
}
