using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Registry.Server.Tls;

/// <summary>A certificate with its intermediates and its key, as PEM text. Immutable.</summary>
/// <param name="CertificatePem">The certificate, then its intermediates.</param>
/// <param name="KeyPem">The private key.</param>
internal sealed record CertificatePair(string CertificatePem, string KeyPem)
{
    /// <summary>Reads both files.</summary>
    /// <exception cref="CertificateException">One of them cannot be read.</exception>
    public static CertificatePair Read(string certificateFile, string keyFile) => new(PemFile.Read(certificateFile), PemFile.Read(keyFile));

    /// <summary>Makes what a handshake needs of it. Nothing is fetched from anywhere for that.</summary>
    /// <param name="what">Where the pair came from, for messages.</param>
    /// <param name="authorities">Authorities that clients are told of; null: none.</param>
    /// <exception cref="CertificateException">They are no certificate and key that belong together.</exception>
    public SslStreamCertificateContext CreateContext(string what, X509Certificate2Collection? authorities)
    {
        X509Certificate2? leaf = null;
        try
        {
            leaf = X509Certificate2.CreateFromPem(CertificatePem, KeyPem);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(CertificatePem);
            var trust = authorities is null ? null : SslCertificateTrust.CreateForX509Collection(authorities, sendTrustInHandshake: true);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true, trust);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            leaf?.Dispose();
            throw new CertificateException($"{what} are no PEM certificate and unencrypted private key that belong together", e);
        }
    }
}
