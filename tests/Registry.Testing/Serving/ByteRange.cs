using System.Net.Http.Headers;

namespace Registry.Testing.Serving;

/// <summary>The bytes that a Range header asks for; a length of 0 means that there are none (416).</summary>
internal readonly record struct ByteRange(long First, long Length)
{
    /// <summary>Null for no header, a unit other than bytes, a header that cannot be read, and several ranges: all get the whole.</summary>
    public static ByteRange? Parse(string? header, long total)
    {
        if (header is null || !RangeHeaderValue.TryParse(header, out var value) || value.Unit != "bytes" || value.Ranges.Count != 1)
        {
            return null;
        }

        var range = value.Ranges.Single();
        if (range.From is not { } from)
        {
            var suffix = Math.Min(range.To ?? 0, total);
            return new ByteRange(total - suffix, suffix);
        }

        return from >= total ? new ByteRange(from, 0) : new ByteRange(from, Math.Min(range.To ?? long.MaxValue, total - 1) - from + 1);
    }
}
