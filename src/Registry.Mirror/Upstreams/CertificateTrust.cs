using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Registry.Mirror.Upstreams;

/// <summary>Trusts the authorities of one PEM file beside the machine's own. Thread-safe.</summary>
internal sealed class CertificateTrust : IDisposable
{
    private readonly X509Certificate2Collection _authorities = [];

    /// <summary>Reads the file.</summary>
    /// <exception cref="CryptographicException">The file cannot be read, or holds no certificate or a broken one.</exception>
    public CertificateTrust(string pemFile)
    {
        try
        {
            _authorities.ImportFromPemFile(pemFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CryptographicException($"{pemFile} cannot be read as a file of authorities: {e.Message}", e);
        }

        if (_authorities.Count == 0)
        {
            throw new CryptographicException($"{pemFile} holds no certificate.");
        }
    }

    /// <summary>Judges a server's certificate. Only a chain that ends at an unknown root is given a second look: a wrong host name is never forgiven.</summary>
    public bool IsTrusted(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // as for public authorities, where it is the platform's default
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // TLS server authentication
        chain.ChainPolicy.ExtraStore.AddRange(_authorities);
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore); // the intermediates that the server sent
        }

        return chain.Build(server);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var authority in _authorities)
        {
            authority.Dispose();
        }
    }
}
