using Microsoft.AspNetCore.Http;
using Registry.Server.Requests;

namespace Registry.Server.Authentication;

/// <summary>
/// Words <c>WWW-Authenticate</c>: one scheme always, since some clients mix two up. Basic where every client has a password; Bearer with our own token endpoint where some
/// have none, as then alone they all ask again without one. Immutable.
/// </summary>
internal sealed class Challenges(ServerOptions options, PasswordOptions passwords, bool usesTokens)
{
    /// <summary>Where tokens are to be had, under the prefix: below <c>/v2/</c>, so that it is reached through proxies that pass on nothing else.</summary>
    public const string TokenPath = "/v2/token";

    private readonly string _prefix = options.Prefix.TrimEnd('/');

    /// <summary>Whether the scheme is Bearer.</summary>
    public bool UsesTokens => usesTokens;

    /// <summary>Sets the header.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scope">What a token is wanted for; null: nothing is said.</param>
    /// <param name="error"><c>invalid_token</c> or <c>insufficient_scope</c>; null: nothing was shown.</param>
    public void Set(HttpContext context, string? scope, string? error)
    {
        var scoped = scope is null ? "" : $",scope=\"{scope}\"";
        var failed = error is null ? "" : $",error=\"{error}\"";
        context.Response.Headers.WWWAuthenticate = usesTokens
            ? $"Bearer realm=\"{OriginOf(context)}{_prefix}{TokenPath}\",service=\"{Service(context)}\"{scoped}{failed}"
            : $"Basic realm=\"{passwords.Realm}\"";
    }

    /// <summary>The service's name: the host that the client knows.</summary>
    public string Service(HttpContext context) => options.Host?.Authority ?? context.Record().Origin.Host?.ToString() ?? "registry";

    // The client's own origin, as it or its proxy says: clients refuse realms elsewhere.
    private string OriginOf(HttpContext context) =>
        options.Host?.GetLeftPart(UriPartial.Authority) ?? $"{context.Record().Origin.Scheme}://{context.Record().Origin.Host?.ToString() ?? "localhost"}";
}
