using System.Net.Security;

namespace Registry.Server.Tls;

/// <summary>
/// The certificate that new connections get. Thread-safe: a connection takes one reference and keeps it, so that a change touches none that runs.
/// What was current before is left to the collector, since handshakes may still use it.
/// </summary>
internal sealed class CurrentCertificate(TlsOptions options, ClientAuthorities clients)
{
    private volatile SslServerAuthenticationOptions? _current;

    /// <summary>What a handshake is done with.</summary>
    /// <exception cref="InvalidOperationException">There is no certificate yet.</exception>
    public SslServerAuthenticationOptions Handshake => _current ?? throw new InvalidOperationException("There is no certificate yet.");

    /// <summary>When it expires; null: there is none yet.</summary>
    public DateTimeOffset? Expiry => _current?.ServerCertificateContext?.TargetCertificate.NotAfter;

    /// <summary>From when until when it is valid.</summary>
    /// <exception cref="InvalidOperationException">There is no certificate yet.</exception>
    public (DateTimeOffset From, DateTimeOffset Until) Life =>
        Handshake.ServerCertificateContext!.TargetCertificate is var certificate ? (certificate.NotBefore, certificate.NotAfter) : default;

    /// <summary>Takes another.</summary>
    /// <param name="pair">The certificate and its key.</param>
    /// <param name="what">Where they came from, for messages.</param>
    /// <exception cref="CertificateException">They cannot be used; what was current stays.</exception>
    public void Set(CertificatePair pair, string what)
    {
        var handshake = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = pair.CreateContext(what, clients.Authorities),
            EnabledSslProtocols = options.Versions,
            ApplicationProtocols = options.OffersHttp2 ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : [SslApplicationProtocol.Http11],
        };
        if (options.CipherSuites.Count > 0 && !OperatingSystem.IsWindows())
        {
            handshake.CipherSuitesPolicy = new CipherSuitesPolicy(options.CipherSuites);
        }

        clients.Demand(handshake);
        _current = handshake;
    }
}
