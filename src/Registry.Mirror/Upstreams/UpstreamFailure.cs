using System.Net;

namespace Registry.Mirror.Upstreams;

/// <summary>Why there is no content: a value, since it is expected. Immutable.</summary>
/// <param name="Kind">Which side failed, in which phase.</param>
/// <param name="Upstream">Name of the upstream.</param>
/// <param name="Message">One sentence for client and log that names the host. Never holds a secret or a query string.</param>
public sealed record UpstreamFailure(UpstreamFailureKind Kind, string Upstream, string Message)
{
    /// <summary>The status that was answered; null: there was no answer, or the status is not what was wrong with it.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>How long the other side wants to be left alone, from zero to <see cref="Upstreams.RetryAfter.Longest"/>; null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
