using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Registry.Server.Tls;

namespace Registry.Server.Tests;

/// <summary>Encryption with a certificate that nobody has signed.</summary>
internal static class TestTls
{
    private static readonly X509Certificate2 Certificate = CreateCertificate();

    public static TlsOptions Options { get; } = CreateOptions();

    /// <summary>Whether a server has shown that certificate.</summary>
    public static bool IsServer(X509Certificate? certificate) => Certificate.Equals(certificate);

    private static TlsOptions CreateOptions()
    {
        // One file for both, which is allowed; it goes with the machine's temporary files.
        var file = Path.Join(Directory.CreateTempSubdirectory("registry-test-").FullName, "tls.pem");
        using var key = Certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(file, $"{Certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return new TlsOptions { CertificateFile = file, KeyFile = file };
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
