using System.Globalization;

namespace Registry.Server.Blobs;

/// <summary>The single range that a client wants of a blob (RFC 9110, 14.1.2). Immutable.</summary>
/// <param name="First">Offset of the first byte.</param>
/// <param name="End">Offset after the last byte.</param>
/// <param name="IsClosed">Whether it names its end, or counts from the blob's: such a range is a part, and no claim to the whole.</param>
public readonly record struct ByteRange(long First, long End, bool IsClosed)
{
    /// <summary>
    /// Reads a <c>Range</c> header against a length. A header that is not understood, or asks for several ranges, means the whole, as RFC 9110 allows.
    /// </summary>
    public static ByteRangeResult Read(ReadOnlySpan<char> header, long length, out ByteRange range)
    {
        range = new ByteRange(0, length, false);
        if (!header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            return ByteRangeResult.Whole;
        }

        var set = header["bytes=".Length..].Trim();
        var dash = set.IndexOf('-');
        if (dash < 0 || set.Contains(','))
        {
            return ByteRangeResult.Whole;
        }

        var hasFirst = TryRead(set[..dash], out var first);
        var hasLast = TryRead(set[(dash + 1)..], out var last);
        if ((!hasFirst && dash > 0) || (!hasLast && dash < set.Length - 1) || (!hasFirst && !hasLast))
        {
            return ByteRangeResult.Whole;
        }

        if (!hasFirst)
        {
            range = new ByteRange(Math.Max(0, length - last), length, true);
            return last == 0 || length == 0 ? ByteRangeResult.Unsatisfiable : ByteRangeResult.Part;
        }

        if (first >= length || (hasLast && last < first))
        {
            return ByteRangeResult.Unsatisfiable;
        }

        range = new ByteRange(first, hasLast ? Math.Min(last, length - 1) + 1 : length, hasLast);
        return ByteRangeResult.Part;
    }

    private static bool TryRead(ReadOnlySpan<char> digits, out long value)
    {
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            value = 0;
            return false;
        }

        // More digits than a length can have mean more than any length.
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            value = long.MaxValue;
        }

        return true;
    }
}
