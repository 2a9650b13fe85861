using System.Runtime.InteropServices;

namespace Registry.Storage.Ingests;

/// <summary>
/// Which bytes of a growing blob are there: disjoint segments in order, neighbours joined. Not thread-safe. Adding to the end of a segment, the steady case, allocates nothing.
/// </summary>
public sealed class SegmentMap
{
    private readonly List<Segment> _segments = [];

    /// <summary>How many bytes are there.</summary>
    public long Received { get; private set; }

    /// <summary>The segments in order. Valid until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<Segment> Segments => CollectionsMarshal.AsSpan(_segments);

    /// <summary>Length of the contiguous prefix: how far the blob can be read from its start.</summary>
    public long Watermark => EndOfRun(0);

    /// <summary>Adds a range; what is there already is not counted twice.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is negative or backwards.</exception>
    public void Add(long first, long end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, first);
        if (first == end)
        {
            return;
        }

        // The segments that touch the range are [from, to): they become one.
        var from = IndexAfter(first);
        if (from > 0 && _segments[from - 1].End >= first)
        {
            from--;
        }

        var to = from;
        var joined = new Segment(first, end);
        while (to < _segments.Count && _segments[to].First <= end)
        {
            joined = new Segment(Math.Min(joined.First, _segments[to].First), Math.Max(joined.End, _segments[to].End));
            Received -= _segments[to].Length;
            to++;
        }

        Received += joined.Length;
        if (from == to)
        {
            _segments.Insert(from, joined);
        }
        else
        {
            _segments[from] = joined;
            _segments.RemoveRange(from + 1, to - from - 1);
        }
    }

    /// <summary>Offset after the last byte that can be read without a gap from a position; the position itself when its byte is missing.</summary>
    public long EndOfRun(long position)
    {
        var index = IndexAfter(position) - 1;
        return index >= 0 && _segments[index].End > position ? _segments[index].End : position;
    }

    /// <summary>Offset of the first byte at or after a position that is there; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextReceived(long position)
    {
        if (EndOfRun(position) > position)
        {
            return position;
        }

        var index = IndexAfter(position);
        return index < _segments.Count ? _segments[index].First : long.MaxValue;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _segments.Clear();
        Received = 0;
    }

    // Index of the first segment that begins after the position.
    private int IndexAfter(long position)
    {
        var low = 0;
        var high = _segments.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_segments[middle].First <= position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
