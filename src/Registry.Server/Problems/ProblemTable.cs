using Registry.Mirror.Upstreams;
using Registry.Server.Routes;

namespace Registry.Server.Problems;

/// <summary>Every refusal and failure that a client can see: the one place where they get their status, code and words.</summary>
public static class ProblemTable
{
    /// <summary>How long a client waits before it asks a broken upstream again through us, when that has not said itself.</summary>
    private static readonly TimeSpan RetryBroken = TimeSpan.FromSeconds(5);

    /// <summary>A path that is no resource of the API.</summary>
    public static Problem NoResource { get; } =
        new(404, "NAME_UNKNOWN", "There is nothing at this path. The registry's API begins at /v2/.");

    /// <summary>A method that the resource does not have.</summary>
    public static Problem MethodNotAllowed { get; } = new(405, "UNSUPPORTED", "This resource can only be read, with GET or HEAD.") { Allow = "GET, HEAD" };

    /// <summary>A part of the API that is not there yet.</summary>
    public static Problem NotServed { get; } = new(405, "UNSUPPORTED", "This registry only serves pulls: it takes no pushes, lists no catalog and no referrers.") { Allow = "GET, HEAD" };

    /// <summary>The listing is unknown here; clients then try the tag scheme.</summary>
    public static Problem NoReferrers { get; } = new(404, "UNSUPPORTED", "This registry lists no referrers; look for them under the fallback tag.");

    /// <summary>A digest that does not parse.</summary>
    public static Problem DigestInvalid { get; } =
        new(400, "DIGEST_INVALID", "A digest is sha256: and 64, or sha512: and 128 lower-case hexadecimal characters.");

    /// <summary>A tag that does not parse.</summary>
    public static Problem TagInvalid { get; } =
        new(400, "TAG_INVALID", "A tag is at most 128 letters, digits, '_', '.' and '-', and begins with none of the last two.");

    /// <summary>A page size that is no number.</summary>
    public static Problem PageInvalid { get; } = new(400, "PAGINATION_NUMBER_INVALID", "n must be a whole number from 0 on.");

    /// <summary>The server is about to end.</summary>
    public static Problem Stopping { get; } = new(503, "UNAVAILABLE", "The registry is stopping; ask again.") { RetryAfter = RetryBroken };

    /// <summary>The disk failed, or is full.</summary>
    public static Problem StorageFailed { get; } =
        new(503, "UNAVAILABLE", "The registry's storage failed, or is full; its log says more.") { RetryAfter = RetryBroken };

    /// <summary>A fault of ours.</summary>
    public static Problem Unexpected { get; } = new(500, "UNKNOWN", "The registry met an error that it did not expect; its log says more under the request's id.");

    /// <summary>A name that does not parse.</summary>
    public static Problem NameInvalid(string why) => new(400, "NAME_INVALID", why);

    /// <summary>A name that nobody serves here.</summary>
    public static Problem NameUnknown(string why) => new(404, "NAME_UNKNOWN", why);

    /// <summary>A local repository does not have what was asked for.</summary>
    public static Problem NotFound(OciRouteKind kind) => kind switch
    {
        OciRouteKind.Blob => new(404, "BLOB_UNKNOWN", "The repository does not have this blob."),
        OciRouteKind.Manifest => new(404, "MANIFEST_UNKNOWN", "The repository does not have this manifest."),
        _ => new(404, "NAME_UNKNOWN", "There is no such repository."),
    };

    /// <summary>What an upstream's failure means for the client. A 401 of ours would make it look for a password of ours, so it gets a 404 that says whose refusal it was.</summary>
    public static Problem Of(UpstreamFailure failure, OciRouteKind kind) => failure.Kind switch
    {
        UpstreamFailureKind.NotFound => NotFound(kind) with { Message = $"{failure.Message}." },
        UpstreamFailureKind.Unauthorized => NotFound(kind) with
        {
            Message = $"{failure.Message}: it does not exist there, or the mirror's account may not read it.",
        },
        UpstreamFailureKind.TooManyRequests => new(429, "TOOMANYREQUESTS", $"{failure.Message}.") { RetryAfter = failure.RetryAfter ?? RetryBroken },
        UpstreamFailureKind.Timeout => new(503, "UNAVAILABLE", $"{failure.Message}.") { RetryAfter = failure.RetryAfter ?? RetryBroken },
        _ => new(502, "UNAVAILABLE", $"{failure.Message}.") { RetryAfter = failure.RetryAfter ?? RetryBroken },
    };
}
