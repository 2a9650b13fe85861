using System.Net.Http.Headers;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Credentials;

/// <summary>What a request may carry to be let in, or why it need not be sent. Immutable.</summary>
internal sealed record Grant
{
    /// <summary>Nothing, for an endpoint that has not asked for anything yet.</summary>
    public static Grant None { get; } = new();

    /// <summary>The header; null: none.</summary>
    public AuthenticationHeaderValue? Header { get; init; }

    /// <summary>The token in the header; null: it is not of that kind.</summary>
    public BearerToken? Token { get; init; }

    /// <summary>Why the request cannot succeed; null: send it.</summary>
    public UpstreamFailure? Failure { get; init; }
}
