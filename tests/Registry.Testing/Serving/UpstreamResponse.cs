using Registry.Storage.Content;
using Registry.Testing.Images;

namespace Registry.Testing.Serving;

/// <summary>What a correct upstream answers; faults are worked in when it is sent.</summary>
internal sealed class UpstreamResponse
{
    private UpstreamResponse(int status, BlobContent? content)
    {
        Status = status;
        Content = content;
        Length = content?.Length ?? 0;
    }

    public int Status { get; private set; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public BlobContent? Content { get; }

    /// <summary>The first byte of the content that is sent.</summary>
    public long Offset { get; private set; }

    /// <summary>How many bytes of the content are sent.</summary>
    public long Length { get; private set; }

    public static UpstreamResponse Of(int status, BlobContent content, string contentType)
    {
        var response = new UpstreamResponse(status, content);
        response.Headers["Content-Type"] = contentType;
        return response;
    }

    public static UpstreamResponse Error(int status, string code, string message) =>
        Of(status, new MemoryContent($$"""{"errors":[{"code":"{{code}}","message":"{{message}}"}]}"""), "application/json");

    public static UpstreamResponse Redirect(string location)
    {
        var response = new UpstreamResponse(307, null);
        response.Headers["Location"] = location;
        return response;
    }

    /// <summary>The blob, or the one range of it that was asked for. Several ranges get the whole, as the RFC allows.</summary>
    public static UpstreamResponse Blob(BlobContent content, string? range)
    {
        var response = Of(200, content, MediaType.OctetStream);
        response.Headers["Accept-Ranges"] = "bytes";
        response.Headers["ETag"] = $"\"{content.Digest}\"";
        if (ByteRange.Parse(range, content.Length) is not { } wanted)
        {
            return response;
        }

        if (wanted.Length == 0)
        {
            var refusal = Error(416, "RANGE_INVALID", "no such bytes");
            refusal.Headers["Content-Range"] = $"bytes */{content.Length}";
            return refusal;
        }

        response.Status = 206;
        response.Offset = wanted.First;
        response.Length = wanted.Length;
        response.Headers["Content-Range"] = $"bytes {wanted.First}-{wanted.First + wanted.Length - 1}/{content.Length}";
        return response;
    }
}
