using Registry.Storage.Ingests;

namespace Registry.Mirror.Fetches;

/// <summary>Decides which bytes a free connection brings next. Pure: no state, no clock.</summary>
internal static class SegmentPlanner
{
    /// <summary>
    /// The next range: from the earliest missing byte that a reader waits for and nobody brings, else from the earliest missing byte that nobody brings.
    /// </summary>
    /// <param name="received">What is there.</param>
    /// <param name="owned">What running transfers bring.</param>
    /// <param name="wanted">Where readers wait, in any order.</param>
    /// <param name="length">Length of the blob.</param>
    /// <param name="size">Most bytes of the range.</param>
    /// <returns>The range, or null when every byte is there or being brought.</returns>
    public static Segment? Next(SegmentMap received, IReadOnlyList<Segment> owned, IReadOnlyList<long> wanted, long length, long size)
    {
        long? first = null;
        foreach (var position in wanted)
        {
            var missing = received.EndOfRun(position);
            if (missing < length && !IsOwned(owned, missing) && (first is null || missing < first))
            {
                first = missing;
            }
        }

        first ??= FirstFree(received, owned, length);
        if (first is not { } start)
        {
            return null;
        }

        var end = Math.Min(Math.Min(start + size, length), received.NextReceived(start));
        foreach (var other in owned)
        {
            if (other.First > start)
            {
                end = Math.Min(end, other.First);
            }
        }

        return new Segment(start, end);
    }

    private static long? FirstFree(SegmentMap received, IReadOnlyList<Segment> owned, long length)
    {
        var position = 0L;
        while (position < length)
        {
            var next = received.EndOfRun(position);
            foreach (var segment in owned)
            {
                if (segment.First <= next && next < segment.End)
                {
                    next = segment.End;
                }
            }

            if (next == position)
            {
                return position;
            }

            position = next;
        }

        return null;
    }

    private static bool IsOwned(IReadOnlyList<Segment> owned, long position)
    {
        foreach (var segment in owned)
        {
            if (segment.First <= position && position < segment.End)
            {
                return true;
            }
        }

        return false;
    }
}
