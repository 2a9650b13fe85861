using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Registry.Testing.Images;
using Registry.Testing.Serving;

namespace Registry.Testing.Authentication;

/// <summary>Issues opaque tokens and knows which are good. Thread-safe.</summary>
public sealed class TokenIssuer
{
    private readonly UpstreamAuthentication.Bearer _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Token> _tokens = new(StringComparer.Ordinal);
    private int _issued;

    internal TokenIssuer(UpstreamAuthentication.Bearer options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>How many tokens have been issued.</summary>
    public int Issued => Volatile.Read(ref _issued);

    /// <summary>Makes all tokens issued so far bad, whatever their lifetime.</summary>
    public void RevokeAll() => _tokens.Clear();

    internal bool Allows(string token, string? repository) =>
        _tokens.TryGetValue(token, out var known)
        && known.Expiry > _time.GetUtcNow()
        && (repository is null || known.Scopes.Contains(ScopeFor(repository), StringComparer.Ordinal));

    internal string ScopeFor(string repository) => _options.ConstantScope ?? $"repository:{repository}:pull";

    /// <summary>Answers <c>GET realm?service=…&amp;scope=…</c>; a POST is refused as unsupported, after which clients come with GET.</summary>
    internal UpstreamResponse Answer(HttpContext context, string? range)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            return UpstreamResponse.Error(404, "UNSUPPORTED", "only GET is supported");
        }

        if (_options is { User: { } user, Password: { } password } && !BasicCredentials.Match(context.Request, user, password))
        {
            return UpstreamResponse.Error(401, "UNAUTHORIZED", "wrong user or password");
        }

        var scopes = context.Request.Query["scope"].SelectMany(s => (s ?? "").Split(' ')).ToArray();
        var text = string.Create(CultureInfo.InvariantCulture, $"token-{Interlocked.Increment(ref _issued)}");
        var now = _time.GetUtcNow();
        _tokens[text] = new Token(now + _options.Lifetime, scopes);
        var seconds = (long)_options.Lifetime.TotalSeconds;
        return UpstreamResponse.Of(
            200,
            new MemoryContent($$"""{"token":"{{text}}","access_token":"{{text}}","expires_in":{{seconds}},"issued_at":"{{now:yyyy-MM-ddTHH:mm:ssZ}}"}"""),
            "application/json");
    }

    private sealed record Token(DateTimeOffset Expiry, string[] Scopes);
}
