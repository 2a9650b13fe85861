using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Registry.Mirror.Credentials;

namespace Registry.Mirror.Upstreams;

/// <summary>One registry that content is mirrored from. Thread-safe. One that is configured no more may be let go of undisposed: who still uses it goes on, and idle connections close by themselves.</summary>
public sealed class Upstream : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CertificateTrust? _trust;
    private readonly UpstreamTransport[] _transports;
    private volatile RateLimit? _rateLimit;
    private int _isLow;

    /// <summary>Reads the file of authorities, if there is one; never touches the network.</summary>
    /// <exception cref="CryptographicException">The file of authorities is missing or broken.</exception>
    public Upstream(UpstreamOptions options, TimeProvider time, ILogger logger)
        : this(options, time, logger, Network.Machine)
    {
    }

    internal Upstream(UpstreamOptions options, TimeProvider time, ILogger logger, Network network)
    {
        Options = options;
        _time = time;
        _logger = logger;
        _trust = options.CertificateAuthority is { } pemFile ? new CertificateTrust(pemFile) : null;
        var failures = new Failures(options, time);
        var bandwidth = options.Bandwidth > 0 ? new Bandwidth(options.Bandwidth, time) : null;
        _transports = new UpstreamTransport[options.Endpoints.Count];
        var endpoints = new UpstreamEndpoint[options.Endpoints.Count];
        for (var i = 0; i < endpoints.Length; i++)
        {
            var url = Bare(options.Endpoints[i]);
            var transport = _transports[i] = new UpstreamTransport(url, options.Proxy, _trust, network, failures, time, logger);
            var authenticator = new Authenticator(url, options.Endpoints[i].Credential, options.Realms, transport, failures, time, logger);
            endpoints[i] = new UpstreamEndpoint(url, transport, authenticator, failures, new CircuitBreaker(time), bandwidth, Observe);
        }

        Endpoints = endpoints;
        HasAccount = options.Endpoints.Any(static endpoint => endpoint.Credential is not null);

        // A breaker of its own: that strangers are refused says nothing of how the account fares.
        Anonymous = HasAccount
            ? new UpstreamEndpoint(
                Bare(options.Endpoints[0]), _transports[0], new Authenticator(Bare(options.Endpoints[0]), null, options.Realms, _transports[0], failures, time, logger), failures, new CircuitBreaker(time), bandwidth, static _ => { })
            : endpoints[0];
    }

    /// <summary>What it was made from.</summary>
    public UpstreamOptions Options { get; }

    /// <summary>The host that images are named by.</summary>
    public string Name => Options.Name;

    /// <summary>Its URLs, in the order of the options. The first is asked for tags.</summary>
    public IReadOnlyList<UpstreamEndpoint> Endpoints { get; }

    /// <summary>Whether any endpoint is asked with credentials.</summary>
    public bool HasAccount { get; }

    /// <summary>The first endpoint as a stranger sees it.</summary>
    public UpstreamEndpoint Anonymous { get; }

    /// <summary>What it last said about its rate limit; null: nothing yet.</summary>
    public RateLimit? RateLimit => _rateLimit;

    /// <summary>Closes the connections; replies still open break.</summary>
    public void Dispose()
    {
        foreach (var transport in _transports)
        {
            transport.Dispose();
        }

        _trust?.Dispose();
    }

    private static Uri Bare(EndpointOptions endpoint) => new(endpoint.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));

    private void Observe(HttpResponseHeaders headers)
    {
        if (Upstreams.RateLimit.Of(headers, _time.GetUtcNow()) is not { } seen)
        {
            return;
        }

        _rateLimit = seen;
        var isLow = seen.IsLow ? 1 : 0;
        if (Interlocked.Exchange(ref _isLow, isLow) < isLow)
        {
            MirrorLog.RateLimitLow(_logger, Name, seen.Remaining, seen.Limit);
        }
    }
}
