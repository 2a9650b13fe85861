using System.Globalization;

namespace Registry.Server.Blobs;

/// <summary>One range of a blob that a client wants (RFC 9110, 14.1.2). Immutable.</summary>
/// <param name="First">Offset of the first byte.</param>
/// <param name="End">Offset after the last byte.</param>
/// <param name="IsClosed">Whether it names its end, or counts from the blob's: such a range is a part, and no claim to the whole.</param>
public readonly record struct ByteRange(long First, long End, bool IsClosed)
{
    /// <summary>Its length in bytes.</summary>
    public long Length => End - First;

    /// <summary>Whether the blob has nothing of it.</summary>
    public bool IsEmpty => End <= First;

    /// <summary>Reads <c>FIRST-LAST</c>, <c>FIRST-</c> or <c>-COUNT</c> against the blob's length; false: it is none of them.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, long length, out ByteRange range)
    {
        range = default;
        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            return false;
        }

        var hasFirst = TryRead(text[..dash], out var first);
        var hasLast = TryRead(text[(dash + 1)..], out var last);
        if ((!hasFirst && dash > 0) || (!hasLast && dash < text.Length - 1) || (!hasFirst && !hasLast))
        {
            return false;
        }

        if (!hasFirst)
        {
            range = new ByteRange(Math.Max(0, length - last), length, true);
        }
        else if (first < length && (!hasLast || last >= first))
        {
            range = new ByteRange(first, hasLast ? Math.Min(last, length - 1) + 1 : length, hasLast);
        }

        return true;
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
