using System.Net.Http.Headers;

namespace Registry.Mirror.Upstreams;

/// <summary>The bytes that a 206 holds (RFC 9110, 14.4): <c>0 ≤ First ≤ Last</c>, and below <c>Total</c> where that is known.</summary>
/// <param name="First">Offset of the first byte.</param>
/// <param name="Last">Offset of the last byte, inclusive.</param>
/// <param name="Total">Length of the whole; null: not told.</param>
public readonly record struct ContentRange(long First, long Last, long? Total)
{
    internal static ContentRange? Of(ContentRangeHeaderValue? header) =>
        header is { Unit: "bytes", From: { } first, To: { } last } ? new ContentRange(first, last, header.Length) : null;
}
