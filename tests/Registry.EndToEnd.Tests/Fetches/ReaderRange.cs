using System.Net.Http.Headers;

namespace Registry.EndToEnd.Fetches;

/// <summary>What a reader asks for: the whole, everything from an offset, or a closed range.</summary>
/// <param name="First">Offset of the first byte; null for the whole, without a Range header.</param>
/// <param name="Last">Offset of the last byte; null for everything to the end.</param>
internal readonly record struct ReaderRange(long? First, long? Last = null)
{
    /// <summary>The header's value; null for the whole.</summary>
    public RangeHeaderValue? Header => First is null ? null : new RangeHeaderValue(First, Last);

    /// <summary>Readers of all kinds, spread over a blob of that length.</summary>
    public static ReaderRange[] Mixed(long length) =>
    [
        default,
        default,
        new(length / 2),
        new(length - 1000),
        new(length / 4, (length / 4) + 99_999),
        new(length - (length / 3), length - 1),
    ];

    /// <summary>One by chance: a third of each kind.</summary>
    public static ReaderRange Next(Random random, long length) => random.Next(3) switch
    {
        0 => default,
        1 => new ReaderRange(random.NextInt64(length)),
        _ => random.NextInt64(length) is var first ? new ReaderRange(first, random.NextInt64(first, length)) : default,
    };
}
