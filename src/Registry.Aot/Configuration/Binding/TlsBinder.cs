using System.Net.Security;
using System.Security.Authentication;
using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;
using Registry.Server.Tls;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>http.tls</c>.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class TlsBinder(Diagnostics found)
{
    // A list that names none of them means the older versions only, as in distribution: TLS 1.3 has no weak ones to leave out.
    private static readonly TlsCipherSuite[] Version13 =
        [TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256];

    /// <summary>Binds the section; null: TLS is off, or what is written of it is wrong.</summary>
    public TlsOptions? Bind(SectionReader http)
    {
        if (http.Entry("tls") is not { } entry || !Switch.IsOn(entry.Value))
        {
            return null;
        }

        var tls = http.Section("tls");
        var certificate = tls.Entry("certificate");
        var key = tls.Entry("key");
        var letsEncrypt = tls.Entry("letsencrypt") is { } written && Switch.IsOn(written.Value) ? written : null;
        if (letsEncrypt is not null && (certificate ?? key) is { } beside)
        {
            found.Error(letsEncrypt.Origin, $"http.tls.letsencrypt stands beside {beside.Name} at {beside.Origin}; expected one of them");
            return null;
        }

        if (letsEncrypt is null && (certificate is null || key is null))
        {
            found.Error(
                (certificate ?? key ?? entry).Origin,
                (certificate ?? key) is { } alone
                    ? $"http.tls.{alone.Name} stands without {(certificate is null ? "certificate" : "key")}; expected both"
                    : "http.tls has no certificate; expected certificate and key, or letsencrypt");
            return null;
        }

        var clientAuthorities = tls.Texts("clientcas").ToList();
        var options = new TlsOptions
        {
            CertificateFile = tls.Text("certificate"),
            KeyFile = tls.Text("key"),
            Acme = letsEncrypt is null ? null : new AcmeBinder(found).Bind(http, tls.Section("letsencrypt")),
            Versions = BindVersions(tls),
            CipherSuites = BindCipherSuites(tls),
            ClientAuthorityFiles = clientAuthorities,
            ClientCertificates = BindDemand(tls, clientAuthorities.Count > 0),
            OffersHttp2 = !(http.Section("http2").Flag("disabled") ?? true),
        };
        if (options is { Acme: not null } or { CertificateFile: not null, KeyFile: not null })
        {
            Check(options, certificate ?? entry);
        }

        return options;
    }

    private void Check(TlsOptions options, MapEntry entry)
    {
        try
        {
            options.Check();
        }
        catch (CertificateException broken)
        {
            found.Error(entry.Origin, $"http.tls: {broken.Message}");
        }
    }

    private SslProtocols BindVersions(SectionReader tls)
    {
        var least = tls.Text("minimumtls")?.ToLowerInvariant();
        if (least is "tls1.0" or "tls1.1")
        {
            found.Warn(tls.Entry("minimumtls")!.Origin, $"http.tls.minimumtls: {least} is not offered, since it is not safe; tls1.2 is in force");
        }

        return least == "tls1.3" ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;
    }

    private static List<TlsCipherSuite> BindCipherSuites(SectionReader tls)
    {
        var suites = tls.Texts("ciphersuites").Select(Enum.Parse<TlsCipherSuite>).ToList();
        if (suites.Count > 0 && !suites.Intersect(Version13).Any())
        {
            suites.AddRange(Version13);
        }

        return suites;
    }

    private ClientCertificateDemand BindDemand(SectionReader tls, bool hasAuthorities)
    {
        var demand = tls.Text("clientauth")?.ToLowerInvariant() switch
        {
            "request-client-cert" => ClientCertificateDemand.Request,
            "require-any-client-cert" => ClientCertificateDemand.RequireAny,
            "verify-client-cert-if-given" => ClientCertificateDemand.VerifyIfGiven,
            "require-and-verify-client-cert" => ClientCertificateDemand.RequireAndVerify,
            _ => hasAuthorities ? ClientCertificateDemand.RequireAndVerify : ClientCertificateDemand.None,
        };
        if (!hasAuthorities && demand is ClientCertificateDemand.VerifyIfGiven or ClientCertificateDemand.RequireAndVerify)
        {
            found.Error(tls.Entry("clientauth")!.Origin, "http.tls.clientauth asks for certificates of authorities that are not named; expected clientcas beside it");
        }

        return demand;
    }
}
