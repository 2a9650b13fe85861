using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Registry.Server.Tls;

/// <summary>Whose client certificates are taken, and whether there must be one. Immutable.</summary>
internal sealed class ClientAuthorities
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly ClientCertificateDemand _demand;

    private ClientAuthorities(ClientCertificateDemand demand, X509Certificate2Collection? authorities)
    {
        _demand = demand;
        Authorities = authorities;
    }

    /// <summary>The authorities; null: none are configured.</summary>
    public X509Certificate2Collection? Authorities { get; }

    /// <summary>Reads the authorities' files.</summary>
    /// <exception cref="CertificateException">One cannot be read, or holds no certificate.</exception>
    public static ClientAuthorities Read(TlsOptions options)
    {
        if (options.ClientAuthorityFiles.Count == 0)
        {
            return new ClientAuthorities(options.ClientCertificates, null);
        }

        var authorities = new X509Certificate2Collection();
        foreach (var file in options.ClientAuthorityFiles)
        {
            var before = authorities.Count;
            try
            {
                authorities.ImportFromPem(PemFile.Read(file));
            }
            catch (CryptographicException e)
            {
                throw new CertificateException($"'{file}' holds a broken certificate", e);
            }

            if (authorities.Count == before)
            {
                throw new CertificateException($"'{file}' holds no certificate");
            }
        }

        return new ClientAuthorities(options.ClientCertificates, authorities);
    }

    /// <summary>Makes a handshake ask for what is demanded.</summary>
    public void Demand(SslServerAuthenticationOptions handshake)
    {
        if (_demand == ClientCertificateDemand.None)
        {
            return;
        }

        handshake.ClientCertificateRequired = true;
        handshake.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsGoodEnough(certificate is not null, errors);
        if (Authorities is not null)
        {
            handshake.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // as distribution: the authorities are the operator's own
                DisableCertificateDownloads = true,
                ApplicationPolicy = { ClientAuthentication },
            };
            handshake.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities);
            handshake.CertificateChainPolicy.ExtraStore.AddRange(Authorities);
        }
    }

    private bool IsGoodEnough(bool isGiven, SslPolicyErrors errors) => _demand switch
    {
        ClientCertificateDemand.Request => true,
        ClientCertificateDemand.RequireAny => isGiven,
        ClientCertificateDemand.VerifyIfGiven => !isGiven || errors == SslPolicyErrors.None,
        _ => isGiven && errors == SslPolicyErrors.None,
    };
}
