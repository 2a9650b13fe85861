using System.Net.Http.Headers;

namespace Registry.Mirror.Upstreams;

/// <summary>Reads <c>Retry-After</c> (RFC 9110, 10.2.3).</summary>
public static class RetryAfter
{
    /// <summary>Longer waits are cut to one hour, so that no answer can silence an upstream for good.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(1);

    /// <summary>The wait asked for, between zero and <see cref="Longest"/>; null when absent or unreadable.</summary>
    internal static TimeSpan? Of(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var wait = header?.Delta ?? (header?.Date - now);
        return wait is not { } asked ? null
            : asked < TimeSpan.Zero ? TimeSpan.Zero
            : asked > Longest ? Longest
            : asked;
    }
}
