using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Registry.Server.Tls;

/// <summary>Certificates for DNS names.</summary>
internal static class HostCertificate
{
    /// <summary>Longest common name (RFC 5280, A.1); what counts is the list of names anyway.</summary>
    private const int MaxCommonName = 64;

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>A request for one.</summary>
    public static CertificateRequest Request(IReadOnlyList<string> hosts, ECDsa key)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            names.AddDnsName(host);
        }

        var subject = new X500DistinguishedNameBuilder();
        if (hosts[0].Length <= MaxCommonName)
        {
            subject.AddCommonName(hosts[0]);
        }

        return new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256)
        {
            CertificateExtensions = { names.Build(), new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false) },
        };
    }

    /// <summary>One that nobody trusts, for the time until there is a real one: so the port answers.</summary>
    public static CertificatePair SelfMade(IReadOnlyList<string> hosts, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(hosts, key).CreateSelfSigned(now.AddHours(-1), now.AddYears(1));
        return new CertificatePair(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
