using Microsoft.Extensions.Logging;

namespace Registry.Mirror;

/// <summary>Everything the mirror logs. Ids: 2000–2099 upstreams and credentials. An id that goes out of use is not given again.</summary>
internal static partial class MirrorLog
{
    [LoggerMessage(2000, LogLevel.Debug, "{Upstream}: token for {Scope} from {Host}, used for {Lifetime}", EventName = "TokenFetched")]
    public static partial void TokenFetched(ILogger logger, string upstream, string scope, string host, TimeSpan lifetime);

    [LoggerMessage(2001, LogLevel.Warning, "{Upstream}: {Remaining} of {Limit} pulls are left in this window", EventName = "RateLimitLow")]
    public static partial void RateLimitLow(ILogger logger, string upstream, long remaining, long limit);

    [LoggerMessage(2002, LogLevel.Warning, "{Upstream}: redirect of {Host} refused: {Reason}", EventName = "RedirectRefused")]
    public static partial void RedirectRefused(ILogger logger, string upstream, string host, string reason);
}
