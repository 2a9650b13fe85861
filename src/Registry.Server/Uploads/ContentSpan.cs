using System.Globalization;

namespace Registry.Server.Uploads;

/// <summary>The <c>Content-Range</c> of an upload's chunk, <c>FIRST-LAST</c> (OCI distribution specification, "Pushing a blob in chunks"). Immutable.</summary>
/// <param name="First">Offset of its first byte.</param>
/// <param name="Last">Offset of its last byte.</param>
public readonly record struct ContentSpan(long First, long Last)
{
    /// <summary>How many bytes it says that it has.</summary>
    public long Length => Last - First + 1;

    /// <summary>Parses the header; false for anything else, RFC 9110's own form with <c>bytes</c> included.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ContentSpan span)
    {
        span = default;
        var dash = text.IndexOf('-');
        if (dash <= 0
            || !long.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || last < first)
        {
            return false;
        }

        span = new ContentSpan(first, last);
        return true;
    }
}
