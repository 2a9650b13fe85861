using System.Net;
using System.Net.Http.Headers;

namespace Registry.Mirror.Upstreams;

/// <summary>One request as it goes on the wire, hop after hop. Immutable.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Url">Where it begins.</param>
internal sealed record Question(HttpMethod Method, Uri Url)
{
    private static readonly string UserAgent = $"registry/{typeof(Question).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Goes to the origin of <see cref="Url"/> only.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <inheritdoc cref="UpstreamRequest.Accept"/>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The bytes wanted; null: all.</summary>
    public RangeHeaderValue? Range { get; init; }

    /// <inheritdoc cref="UpstreamRequest.IfNoneMatch"/>
    public string? IfNoneMatch { get; init; }

    /// <summary>The message for one hop. HTTP/1.1, so that each segment of a fetch has a TCP connection of its own.</summary>
    public HttpRequestMessage ToMessage(Uri hop, bool authorized)
    {
        var message = new HttpRequestMessage(Method, hop) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        message.Headers.Authorization = authorized ? Authorization : null;
        message.Headers.Range = Range;
        if (Accept.Count > 0)
        {
            message.Headers.TryAddWithoutValidation("Accept", string.Join(", ", Accept));
        }

        if (IfNoneMatch is not null)
        {
            message.Headers.TryAddWithoutValidation("If-None-Match", IfNoneMatch);
        }

        return message;
    }
}
