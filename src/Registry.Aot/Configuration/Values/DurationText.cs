using System.Buffers;
using System.Globalization;

namespace Registry.Aot.Configuration.Values;

/// <summary>Durations as distribution writes them: <c>300s</c>, <c>1h30m</c>, a bare number of nanoseconds; also days, <c>7d</c>.</summary>
internal static class DurationText
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, decimal Ticks)[] Units =
    [
        ("ns", 0.01m), ("us", 10m), ("µs", 10m), ("μs", 10m), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>Parses a duration that is not negative; parts finer than 100 nanoseconds are rounded up, so only zero is zero.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var ticks = 0m;
        var rest = text.AsSpan();
        if (rest.IsEmpty)
        {
            return false;
        }

        if (IsBareNumber(text))
        {
            return TryTakeNumber(ref rest, out var nanoseconds) && TryConvert(nanoseconds * 0.01m, out duration);
        }

        while (!rest.IsEmpty)
        {
            if (!TryTakeNumber(ref rest, out var number) || !TryTakeUnit(ref rest, out var unit))
            {
                return false;
            }

            ticks += number * unit;
        }

        return TryConvert(ticks, out duration);
    }

    /// <summary>Whether it has no unit, and so counts nanoseconds.</summary>
    public static bool IsBareNumber(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>The shortest exact way to write it, down to milliseconds.</summary>
    public static string Format(TimeSpan duration) =>
        duration.Ticks switch
        {
            0 => "0",
            var ticks when ticks % TimeSpan.TicksPerDay == 0 => $"{ticks / TimeSpan.TicksPerDay}d",
            var ticks when ticks % TimeSpan.TicksPerHour == 0 => $"{ticks / TimeSpan.TicksPerHour}h",
            var ticks when ticks % TimeSpan.TicksPerMinute == 0 => $"{ticks / TimeSpan.TicksPerMinute}m",
            var ticks when ticks % TimeSpan.TicksPerSecond == 0 => $"{ticks / TimeSpan.TicksPerSecond}s",
            var ticks => $"{ticks / TimeSpan.TicksPerMillisecond}ms",
        };

    private static bool TryTakeNumber(ref ReadOnlySpan<char> rest, out decimal number)
    {
        var length = rest.IndexOfAnyExcept(NumberCharacters);
        var digits = length < 0 ? rest : rest[..length];
        rest = rest[digits.Length..];

        // 18 digits are more than the longest TimeSpan needs in nanoseconds, and keep every product within a decimal.
        number = 0;
        return digits.Length <= 18 && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryTakeUnit(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        var length = rest.IndexOfAnyInRange('0', '9');
        var unit = length < 0 ? rest : rest[..length];
        rest = rest[unit.Length..];
        foreach (var known in Units)
        {
            if (unit.SequenceEqual(known.Unit))
            {
                ticks = known.Ticks;
                return true;
            }
        }

        ticks = 0;
        return false;
    }

    private static bool TryConvert(decimal ticks, out TimeSpan duration)
    {
        var fits = ticks <= TimeSpan.MaxValue.Ticks;
        duration = fits ? TimeSpan.FromTicks((long)Math.Ceiling(ticks)) : default;
        return fits;
    }
}
