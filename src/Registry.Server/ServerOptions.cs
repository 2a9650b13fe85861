using System.Net;
using Registry.Server.Access;
using Registry.Server.Authentication;
using Registry.Server.Listeners;
using Registry.Server.Tls;

namespace Registry.Server;

/// <summary>How the server listens and answers (<c>http</c>). Immutable.</summary>
public sealed record ServerOptions
{
    /// <summary>
    /// Where it listens: <c>HOST:PORT</c>, <c>:PORT</c> for every address, or a path when <see cref="UnixSocket"/> is set. Port 0 takes a free one.
    /// </summary>
    public string Address { get; init; } = "127.0.0.1:5000";

    /// <summary>Whether <see cref="Address"/> is the path of a Unix socket (<c>http.net: unix</c>).</summary>
    public bool UnixSocket { get; init; }

    /// <summary>Path before <c>/v2/</c>, beginning and ending with a slash.</summary>
    public string Prefix { get; init; } = "/";

    /// <summary>Public origin for absolute <c>Location</c> headers; null: they are relative.</summary>
    public Uri? Host { get; init; }

    /// <summary>How long transfers may take to finish after SIGTERM.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Headers put on every answer, in the order written.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A request body, or its headers, that makes no progress for so long is given up.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A reader that takes nothing for so long is given up.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection without a request stays open.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most connections at once.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Most bytes of a request's headers.</summary>
    public int MaxRequestHeaderBytes { get; init; } = 64 << 10;

    /// <summary>Networks of the proxies whose X-Forwarded headers are believed; empty: nobody's are.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How TLS is ended; null: the listener speaks plain HTTP.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>The plain listener beside TLS; null: there is none.</summary>
    public PlainOptions? Plain { get; init; }

    /// <summary>For how long browsers shall insist on TLS; said over TLS only. Null: nothing is said.</summary>
    public TimeSpan? HstsMaxAge { get; init; }

    /// <summary>Origins whose pages may use the registry from a browser; <c>*</c>: all.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Most requests per second of one client address; 0: any number.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>How clients log in (<c>auth</c>); null: not at all.</summary>
    public PasswordOptions? Passwords { get; init; }

    /// <summary>Who may do what (<c>access</c>).</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>Whether each request is written to standard output in Apache's combined form.</summary>
    public bool AccessLog { get; init; } = true;
}
