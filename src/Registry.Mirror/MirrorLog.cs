using Microsoft.Extensions.Logging;
using Registry.Storage.Content;

namespace Registry.Mirror;

/// <summary>Everything the mirror logs. Ids: 2000–2099 upstreams and credentials, 2100–2199 fetches, 2200–2299 manifests. An id that goes out of use is not given again.</summary>
internal static partial class MirrorLog
{
    [LoggerMessage(2000, LogLevel.Debug, "{Upstream}: token for {Scope} from {Host}, used for {Lifetime}", EventName = "TokenFetched")]
    public static partial void TokenFetched(ILogger logger, string upstream, string scope, string host, TimeSpan lifetime);

    [LoggerMessage(2001, LogLevel.Warning, "{Upstream}: {Remaining} of {Limit} pulls are left in this window", EventName = "RateLimitLow")]
    public static partial void RateLimitLow(ILogger logger, string upstream, long remaining, long limit);

    [LoggerMessage(2002, LogLevel.Warning, "{Upstream}: redirect of {Host} refused: {Reason}", EventName = "RedirectRefused")]
    public static partial void RedirectRefused(ILogger logger, string upstream, string host, string reason);

    [LoggerMessage(2100, LogLevel.Information, "fetched {Digest} from {Upstream} ({Hosts}): {Bytes} bytes, {Restored} of them held before, in {Seconds:0.000} s, {Requests} requests, at most {Connections} at once", EventName = "Fetched")]
    public static partial void Fetched(
        ILogger logger, Digest digest, string upstream, string hosts, long bytes, long restored, double seconds, int requests, int connections);

    [LoggerMessage(2101, LogLevel.Warning, "fetch of {Digest} failed: {Reason}", EventName = "FetchFailed")]
    public static partial void FetchFailed(ILogger logger, Digest digest, string reason);

    [LoggerMessage(2102, LogLevel.Debug, "a transfer of {Digest} ended: {Reason}", EventName = "TransferFailed")]
    public static partial void TransferFailed(ILogger logger, Digest digest, string reason);

    [LoggerMessage(2103, LogLevel.Error, "{Digest} discarded: {Reason}", EventName = "WrongDigest")]
    public static partial void WrongDigest(ILogger logger, Digest digest, string reason);

    [LoggerMessage(2104, LogLevel.Error, "{Digest} cannot be stored: {Reason}", EventName = "NotStored")]
    public static partial void NotStored(ILogger logger, Digest digest, string reason);

    [LoggerMessage(2105, LogLevel.Information, "unfinished fetch of {Digest} dropped, nobody has asked for it", EventName = "PartialPurged")]
    public static partial void PartialPurged(ILogger logger, Digest digest);

    [LoggerMessage(2106, LogLevel.Information, "evicted {Digest}, {Bytes} bytes: the disk is full", EventName = "Evicted")]
    public static partial void Evicted(ILogger logger, Digest digest, long bytes);

    [LoggerMessage(2107, LogLevel.Error, "{Digest} is passed through unstored: {Reason}", EventName = "PassedThrough")]
    public static partial void PassedThrough(ILogger logger, Digest digest, string reason);

    [LoggerMessage(2200, LogLevel.Information, "stored {Repository}:{Reference} from {Upstream}: {Digest}, {Bytes} bytes", EventName = "ManifestStored")]
    public static partial void ManifestStored(ILogger logger, string repository, string reference, string upstream, Digest digest, int bytes);

    [LoggerMessage(2201, LogLevel.Information, "no manifest for {Repository}:{Reference}: {Reason}", EventName = "ManifestFailed")]
    public static partial void ManifestFailed(ILogger logger, string repository, string reference, string reason);

    [LoggerMessage(2202, LogLevel.Warning, "served {Repository}:{Reference} stale, {Upstream}: {Reason}", EventName = "ServedStale")]
    public static partial void ServedStale(ILogger logger, string repository, string reference, string upstream, string reason);
}
