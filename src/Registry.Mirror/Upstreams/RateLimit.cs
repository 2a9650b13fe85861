using System.Globalization;
using System.Net.Http.Headers;

namespace Registry.Mirror.Upstreams;

/// <summary>How much an upstream still gives, as Docker Hub tells with every manifest. Immutable.</summary>
/// <param name="Limit">Pulls in a window.</param>
/// <param name="Remaining">Pulls that are left.</param>
/// <param name="Window">Length of the window; null: not told.</param>
/// <param name="Source">Whom the upstream counts: our address or the id of our account; null: not told.</param>
/// <param name="Seen">When it was told.</param>
public sealed record RateLimit(long Limit, long Remaining, TimeSpan? Window, string? Source, DateTimeOffset Seen)
{
    /// <summary>Less than a tenth is left.</summary>
    public bool IsLow => Remaining * 10 < Limit;

    internal static RateLimit? Of(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Read(headers, "ratelimit-limit") is not var (limit, window) || Read(headers, "ratelimit-remaining") is not var (remaining, _))
        {
            return null;
        }

        var source = headers.TryGetValues("docker-ratelimit-source", out var sources) ? sources.First() : null;
        return new RateLimit(limit, remaining, window, source, now);
    }

    // "100;w=21600". Int32 is far more than any limit and keeps the arithmetic above from overflowing.
    private static (int Count, TimeSpan? Window)? Read(HttpResponseHeaders headers, string name)
    {
        if (!headers.TryGetValues(name, out var values))
        {
            return null;
        }

        var parts = values.First().Split(';', 2, StringSplitOptions.TrimEntries);
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        TimeSpan? window = parts.Length == 2 && parts[1].StartsWith("w=", StringComparison.Ordinal)
            && int.TryParse(parts[1].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
        return (count, window);
    }
}
