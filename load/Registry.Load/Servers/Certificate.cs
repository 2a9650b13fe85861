using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Registry.Load.Servers;

/// <summary>A certificate for localhost that signs itself, as files for servers, trusted by our clients alone. Disposal removes the files.</summary>
internal sealed class Certificate : IDisposable
{
    public const string Host = "localhost";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("registry-load-tls-");

    public Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        var hash = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        Length = certificate.RawData.Length;
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        ClientOptions = new SslClientAuthenticationOptions
        {
            TargetHost = Host,
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
                string.Equals(shown?.GetCertHashString(HashAlgorithmName.SHA256), hash, StringComparison.Ordinal),
        };
    }

    public string CertificateFile => Path.Join(_directory.FullName, "localhost.crt");

    public string KeyFile => Path.Join(_directory.FullName, "localhost.key");

    /// <summary>Bytes of the certificate alone.</summary>
    public int Length { get; }

    /// <summary>Trusts this certificate and no other.</summary>
    public SslClientAuthenticationOptions ClientOptions { get; }

    public void Dispose() => _directory.Delete(recursive: true);
}
