using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Registry.Testing.Serving;

/// <summary>A certificate authority made for one test, and a server certificate of it for 127.0.0.1 and localhost.</summary>
public sealed class TestCertificates : IDisposable
{
    /// <summary>Makes both, valid for a day around now.</summary>
    public TestCertificates(TimeProvider time)
    {
        var from = time.GetUtcNow().AddHours(-1);
        var until = from.AddDays(1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var authorityCertificate = authority.CreateSelfSigned(from, until);
        AuthorityPem = authorityCertificate.ExportCertificatePem();

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using var signed = server.Create(authorityCertificate, from, until, RandomNumberGenerator.GetBytes(8));
        Server = signed.CopyWithPrivateKey(serverKey);
        ServerPem = signed.ExportCertificatePem();
        ServerKeyPem = serverKey.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>The authority's certificate, for clients to trust.</summary>
    public string AuthorityPem { get; }

    /// <summary>The server's certificate as a file has it.</summary>
    public string ServerPem { get; }

    /// <summary>The server's private key as a file has it.</summary>
    public string ServerKeyPem { get; }

    /// <summary>The server's certificate with its key; owned by this object.</summary>
    public X509Certificate2 Server { get; }

    /// <inheritdoc/>
    public void Dispose() => Server.Dispose();
}
