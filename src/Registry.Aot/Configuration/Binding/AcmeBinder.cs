using System.Net;
using Registry.Server.Acme;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>http.tls.letsencrypt</c>.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class AcmeBinder(Diagnostics found)
{
    /// <summary>Binds the section; null: something that it needs is missing or wrong.</summary>
    /// <param name="http">The section that it stands in.</param>
    /// <param name="letsEncrypt">The section.</param>
    public AcmeOptions? Bind(SectionReader http, SectionReader letsEncrypt)
    {
        if (letsEncrypt.Entry("cachefile") is null)
        {
            found.Error(letsEncrypt.Origin, "http.tls.letsencrypt has no cachefile; expected the path of a file, such as /var/lib/registry/acme");
        }

        if (http.Section("plain").Entry("addr") is null)
        {
            found.Error(letsEncrypt.Origin, "http.tls.letsencrypt stands without http.plain: the authority is answered over plain HTTP here, and not within TLS as by distribution; expected http.plain with addr: :80, which the authority must reach");
        }

        var hosts = letsEncrypt.Texts("hosts").Select(host => host.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
        if (hosts.Count == 0)
        {
            found.Error(letsEncrypt.Origin, "http.tls.letsencrypt has no hosts; expected the names that clients use, such as [registry.example.com]");
        }

        foreach (var host in hosts.Where(host => host.Contains(':', StringComparison.Ordinal) || IPAddress.TryParse(host, out _)))
        {
            found.Error(letsEncrypt.Entry("hosts")!.Value.Origin, $"http.tls.letsencrypt.hosts: '{host}' is not a DNS name; expected one such as registry.example.com, without a port");
        }

        var directory = letsEncrypt.Url("directoryurl") ?? AcmeOptions.LetsEncrypt;
        if (directory.Scheme != Uri.UriSchemeHttps)
        {
            found.Error(letsEncrypt.Entry("directoryurl")!.Value.Origin, "http.tls.letsencrypt.directoryurl is not https; expected a URL such as https://host/directory");
        }

        return letsEncrypt.Text("cachefile") is { } file && hosts.Count > 0
            ? new AcmeOptions { CacheFile = file, Hosts = hosts, Email = letsEncrypt.Text("email"), Directory = directory }
            : null;
    }
}
