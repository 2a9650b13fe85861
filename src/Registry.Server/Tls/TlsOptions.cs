using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Registry.Server.Acme;

namespace Registry.Server.Tls;

/// <summary>How the server ends TLS (<c>http.tls</c>). Immutable.</summary>
public sealed record TlsOptions
{
    /// <summary>PEM file of the certificate, its intermediates after it. Null: it comes from <see cref="Acme"/>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the private key, not encrypted. Set together with <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Where the certificate is ordered; null: it comes from files. One of the two is set.</summary>
    public AcmeOptions? Acme { get; init; }

    /// <summary>Versions that are offered: 1.2 and 1.3, or 1.3 alone.</summary>
    public SslProtocols Versions { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Cipher suites that are offered; empty: the platform's own choice, which is sound and allows resumption.</summary>
    public IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; } = [];

    /// <summary>PEM files of the authorities of client certificates.</summary>
    public IReadOnlyList<string> ClientAuthorityFiles { get; init; } = [];

    /// <summary>What is asked of a client.</summary>
    public ClientCertificateDemand ClientCertificates { get; init; }

    /// <summary>Longest handshake: a connection that has not finished it by then is closed.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether HTTP/2 is offered beside HTTP/1.1 (<c>http.http2.disabled: false</c>).</summary>
    public bool OffersHttp2 { get; init; }

    /// <summary>Reads everything that is named, so that what cannot be used is found before anything is started.</summary>
    /// <exception cref="CertificateException">Something cannot be used.</exception>
    public void Check() => TlsListener.Read(this, NullLogger.Instance);
}
