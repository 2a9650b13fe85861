using Microsoft.AspNetCore.Http;
using Registry.Mirror.Fetches;
using Registry.Mirror.Upstreams;
using Registry.Server.Routes;
using Registry.Storage.Content;
using Registry.Storage.Layout;
using Registry.Storage.Uploads;

namespace Registry.Server.Problems;

/// <summary>Every refusal and failure that a client can see: the one place where they get their status, code and words.</summary>
public static class ProblemTable
{
    /// <summary>How long a client waits before it asks a broken upstream again through us, when that has not said itself.</summary>
    private static readonly TimeSpan RetryBroken = TimeSpan.FromSeconds(5);

    /// <summary>A path that is no resource of the API.</summary>
    public static Problem NoResource { get; } =
        new(404, "NAME_UNKNOWN", "There is nothing at this path. The registry's API begins at /v2/.");

    /// <summary>Deletion is switched off.</summary>
    public static Problem DeleteDisabled { get; } = new(405, "UNSUPPORTED", "Deletion is switched off here (storage.delete.enabled).") { Allow = "GET, HEAD" };

    /// <summary>Nothing may be written.</summary>
    public static Problem ReadOnly { get; } = new(405, "UNSUPPORTED", "The registry is in read-only mode: only pulls are served (storage.maintenance.readonly).") { Allow = "GET, HEAD" };

    /// <summary>A session that is not there, or belongs to another repository.</summary>
    public static Problem UploadUnknown { get; } = new(404, "BLOB_UPLOAD_UNKNOWN", "There is no such upload in this repository; begin a new one.");

    /// <summary>A request that sent nothing while another one came for the same session.</summary>
    public static Problem UploadInterrupted { get; } = new(409, "BLOB_UPLOAD_INVALID", "Another request has ended this upload, or goes on with it.");

    /// <summary>Content that is not what its digest says.</summary>
    public static Problem DigestDiffers { get; } = new(400, "DIGEST_INVALID", "What was sent does not have this digest; send it again from the beginning.");

    /// <summary>A chunk that is not what its headers say.</summary>
    public static Problem SizeInvalid { get; } = new(400, "SIZE_INVALID", "Content-Range must be FIRST-LAST and as long as the body.");

    /// <summary>More tags than one push may set.</summary>
    public static Problem TooManyTags { get; } = new(414, "TAG_INVALID", "So many tags cannot be set at once; push them in several requests.");

    /// <summary>The disk has no room for a push.</summary>
    public static Problem NoRoom { get; } = new(507, "UNAVAILABLE", "The registry's disk is full; what was sent of this upload has been dropped.");

    /// <summary>More uploads at once than there may be.</summary>
    public static Problem TooManyUploads { get; } =
        new(429, "TOOMANYREQUESTS", "Too many uploads are being written at once; go on in a moment.") { RetryAfter = RetryBroken };

    /// <summary>Nobody has said who asks.</summary>
    public static Problem PasswordNeeded { get; } = new(401, "UNAUTHORIZED", "This needs a password: log in to this registry first.");

    /// <summary>Credentials that are nobody's.</summary>
    public static Problem WrongPassword { get; } = new(401, "UNAUTHORIZED", "The user name or the password is wrong.");

    /// <summary>A token that is not, or no longer, good.</summary>
    public static Problem WrongToken { get; } = new(401, "UNAUTHORIZED", "The token has expired, or is none of this registry's; get a new one.");

    /// <summary>Somebody who is known and may not, where clients have tokens: for them a 403 would be the end.</summary>
    public static Problem InsufficientScope { get; } = new(401, "DENIED", "No access rule allows this.");

    /// <summary>A token request above its bounds.</summary>
    public static Problem TokenRequestInvalid { get; } = new(400, "UNSUPPORTED", "The token request has too many scopes, or a body that is too large or not application/x-www-form-urlencoded.");

    /// <summary>More requests of one client than there may be.</summary>
    public static Problem TooManyRequests { get; } =
        new(429, "TOOMANYREQUESTS", "Too many requests from this address; go on in a second.") { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>A request of which it is not certain where it ends.</summary>
    public static Problem FramingUnclear { get; } = new(400, "UNSUPPORTED", "Transfer-Encoding needs HTTP/1.1.");

    /// <summary>A token that no ACME authority was given.</summary>
    public static Problem ChallengeUnknown { get; } = new(404, "NAME_UNKNOWN", "No challenge of this name is under way.");

    /// <summary>A request that cannot be sent on to https.</summary>
    public static Problem HostUnknown { get; } = new(400, "UNSUPPORTED", "The Host header is no host; this listener sends to https there.");

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

    /// <summary>Too many passwords were tried.</summary>
    public static Problem TooManyPasswords(TimeSpan after) => new(429, "TOOMANYREQUESTS", "Too many wrong passwords; try again later.") { RetryAfter = after };

    /// <summary>A method that the resource does not have.</summary>
    public static Problem MethodNotAllowed(string allow) => new(405, "UNSUPPORTED", $"This resource has no such method; it has {allow}.") { Allow = allow };

    /// <summary>Something that may not be done.</summary>
    public static Problem Denied(string why) => new(403, "DENIED", why);

    /// <summary>A chunk that does not begin where the upload ends.</summary>
    public static Problem RangeInvalid(long length) =>
        new(416, "BLOB_UPLOAD_INVALID", $"The upload holds {length} bytes: the next chunk must begin at offset {length}.");

    /// <summary>A manifest that cannot be one.</summary>
    public static Problem ManifestInvalid(string why) => new(400, "MANIFEST_INVALID", why);

    /// <summary>A manifest of something that is not there.</summary>
    public static Problem ManifestBlobUnknown(Digest missing) =>
        new(400, "MANIFEST_BLOB_UNKNOWN", $"The manifest names {missing}, which this repository does not have; push that before.");

    /// <summary>A manifest above the bound.</summary>
    public static Problem ManifestTooLarge(int maxBytes) => new(413, "SIZE_INVALID", $"A manifest may have at most {maxBytes} bytes.");

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

    /// <summary>What an exception means for the client, before anything was sent.</summary>
    public static Problem Of(Exception exception) => exception switch
    {
        OperationCanceledException => Stopping,
        BlobBrokenException broken => new(502, "UNAVAILABLE", $"{broken.Message}.") { RetryAfter = RetryBroken },
        TooManyUploadsException => TooManyUploads,
        BadHttpRequestException bad => new(bad.StatusCode, "UNSUPPORTED", bad.Message),
        IOException e when DiskFull.Is(e) => NoRoom,
        IOException or UnauthorizedAccessException or InvalidDataException => StorageFailed,
        _ => Unexpected,
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
