using System.Net;
using Registry.Storage.Content;

namespace Registry.Mirror.Upstreams;

/// <summary>
/// What an upstream said: a success (200, 206, 304) with its headers and an unread body, or a <see cref="Failure"/>. Owns the connection until it is disposed.
/// Headers are hints from outside: none has been compared with what was asked.
/// </summary>
public sealed class UpstreamReply : IDisposable
{
    private readonly HttpResponseMessage? _response;
    private readonly Bandwidth? _bandwidth;

    internal UpstreamReply(UpstreamFailure failure, Uri from)
    {
        Failure = failure;
        Status = failure.Status ?? default;
        ServedBy = from.Authority;
    }

    internal UpstreamReply(HttpResponseMessage response, Uri from, bool isRedirected, Bandwidth? bandwidth)
    {
        _response = response;
        _bandwidth = bandwidth;
        RedirectedTo = isRedirected ? from : null;
        Status = response.StatusCode;
        ServedBy = from.Authority;
    }

    /// <summary>Why there is no content; null: success.</summary>
    public UpstreamFailure? Failure { get; }

    /// <summary>The last status; zero when there was no answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Host and port that sent this: storage or CDN after a redirect.</summary>
    public string ServedBy { get; }

    /// <summary>The URL of storage or CDN that answered; null: the registry itself. Good for a while, and a secret: it may be signed.</summary>
    public Uri? RedirectedTo { get; }

    /// <summary>Length of the body, or with HEAD of the body that GET would have; null: not told.</summary>
    public long? ContentLength => _response?.Content.Headers.ContentLength;

    /// <summary>The media type without parameters, as it came; null: absent or unreadable.</summary>
    public string? ContentType => _response?.Content.Headers.ContentType?.MediaType;

    /// <summary>Parsed <c>Docker-Content-Digest</c>; null: absent or no digest.</summary>
    public Digest? ContentDigest => Digest.TryParse(Header("Docker-Content-Digest"), out var digest) ? digest : null;

    /// <summary>Which bytes a 206 holds; null: no 206, absent or malformed.</summary>
    public ContentRange? Range => Status == HttpStatusCode.PartialContent ? ContentRange.Of(_response?.Content.Headers.ContentRange) : null;

    /// <summary>The entity tag as it came, quotes and all; null: absent.</summary>
    public string? ETag => Header("ETag");

    /// <summary>The <c>Link</c> header as it came; null: absent.</summary>
    public string? Link => Header("Link");

    /// <summary>Whether ranges are served: said so, or done so.</summary>
    public bool AcceptsRanges =>
        Status == HttpStatusCode.PartialContent || (_response?.Headers.AcceptRanges.Contains("bytes", StringComparer.OrdinalIgnoreCase) ?? false);

    /// <summary>The body, to be read once. It ends with this reply.</summary>
    /// <exception cref="InvalidOperationException">This is a failure.</exception>
    public async Task<Stream> OpenBodyAsync(CancellationToken cancellation)
    {
        var response = _response ?? throw new InvalidOperationException("A failure has no body.");
        var body = await response.Content.ReadAsStreamAsync(cancellation);
        return _bandwidth is null ? body : new PacedStream(body, _bandwidth);
    }

    /// <inheritdoc/>
    public void Dispose() => _response?.Dispose();

    private string? Header(string name) =>
        _response is not null && _response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
