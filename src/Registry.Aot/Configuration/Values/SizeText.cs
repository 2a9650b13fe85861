using System.Buffers;
using System.Globalization;

namespace Registry.Aot.Configuration.Values;

/// <summary>Numbers of bytes: <c>4096</c>, <c>20GB</c> (powers of 1000), <c>512MiB</c> (powers of 1024). Units in any case.</summary>
internal static class SizeText
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("", 1), ("B", 1), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("KIB", 1L << 10), ("MIB", 1L << 20), ("GIB", 1L << 30), ("TIB", 1L << 40),
    ];

    /// <summary>Parses a size; a part of a byte is rounded up, so only zero is zero.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var length = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var digits = length < 0 ? text : text[..length];
        var unit = text[digits.Length..].Trim();

        // 19 digits are as many as a long has, and keep the product within a decimal.
        if (digits.Length > 19 || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        foreach (var known in Units)
        {
            if (!unit.Equals(known.Unit, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var product = Math.Ceiling(number * known.Bytes);
            bytes = product <= long.MaxValue ? (long)product : 0;
            return product <= long.MaxValue;
        }

        return false;
    }

    /// <summary>The size in the largest binary unit that writes it exactly.</summary>
    public static string Format(long bytes) =>
        bytes switch
        {
            0 => "0",
            _ when bytes % (1L << 40) == 0 => $"{bytes >> 40}TiB",
            _ when bytes % (1L << 30) == 0 => $"{bytes >> 30}GiB",
            _ when bytes % (1L << 20) == 0 => $"{bytes >> 20}MiB",
            _ when bytes % (1L << 10) == 0 => $"{bytes >> 10}KiB",
            _ => $"{bytes}B",
        };
}
