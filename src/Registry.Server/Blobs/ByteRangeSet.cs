namespace Registry.Server.Blobs;

/// <summary>The ranges that a client wants of a blob (RFC 9110, 14.2).</summary>
public static class ByteRangeSet
{
    /// <summary>Most ranges of one request: as many as podman asks of a zstd:chunked layer.</summary>
    public const int MaxRanges = 1024;

    /// <summary>Reads a <c>Range</c> header against a length.</summary>
    /// <returns>
    /// The ranges in the order asked, those left out of which the blob has nothing; none: the request cannot be satisfied. Null means the whole: there is no header, it is
    /// not understood, or it asks for some bytes twice or for too many ranges.
    /// </returns>
    public static IReadOnlyList<ByteRange>? Read(ReadOnlySpan<char> header, long length)
    {
        if (!header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var set = header["bytes=".Length..];
        var ranges = new List<ByteRange>();
        var count = 0;
        foreach (var element in set.Split(','))
        {
            var text = set[element].Trim();
            if (text.IsEmpty)
            {
                continue;
            }

            if (++count > MaxRanges || !ByteRange.TryParse(text, length, out var range))
            {
                return null;
            }

            if (!range.IsEmpty)
            {
                ranges.Add(range);
            }
        }

        return count == 0 || Overlap(ranges) ? null : ranges;
    }

    private static bool Overlap(List<ByteRange> ranges)
    {
        if (ranges.Count < 2)
        {
            return false;
        }

        var sorted = ranges.ToArray();
        Array.Sort(sorted, static (one, other) => one.First.CompareTo(other.First));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].First < sorted[i - 1].End)
            {
                return true;
            }
        }

        return false;
    }
}
