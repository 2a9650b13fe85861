using System.Net.Security;
using Registry.Aot.Configuration.Values;
using static Registry.Aot.Configuration.Schema.Key;

namespace Registry.Aot.Configuration.Schema;

/// <summary>The keys of <c>http</c>.</summary>
internal static class HttpSchema
{
    /// <summary>The section.</summary>
    public static SectionShape Section { get; } = new(
        Acts("addr", Shapes.Text),
        Acts("net", Shapes.Choice("tcp", "unix")),
        Acts("prefix", new ScalarShape("a path such as /registry/", FindPrefixProblem)),
        Acts("host", Shapes.Url),
        Acts("relativeurls", Shapes.Flag),
        Acts("draintimeout", Bounds.TimeoutOrNone),
        Acts("headers", new MapShape(new ListShape(new ScalarShape("text", FindHeaderValueProblem)), FindHeaderNameProblem)),
        Acts("timeout", new SectionShape(
            Acts("read", Bounds.Timeout),
            Acts("write", Bounds.Timeout),
            Acts("idle", Bounds.Timeout))),
        Acts("http2", new SectionShape(Acts("disabled", Shapes.Flag))),
        Acts("tls", Tls),
        ActsLater("debug", new SectionShape(
            Acts("addr", Shapes.Address),
            Acts("prometheus", new SectionShape(Acts("enabled", Shapes.Flag), Acts("path", Shapes.Text))))),
        Acts("plain", new SectionShape(
            Acts("addr", Shapes.Address),
            Acts("acmewebroot", Shapes.Path),
            Acts("redirect", Shapes.Flag))),
        Acts("hsts", new SectionShape(Acts("maxage", Shapes.Integer(0, int.MaxValue)))),
        Acts("cors", new SectionShape(Acts("origins", new ListShape(new ScalarShape("an origin such as https://ui.example.com, or *", FindOriginProblem))))),
        Acts("trustedproxies", new ListShape(Shapes.Network)),
        Acts("limits", new SectionShape(
            Acts("connections", Shapes.Integer(1, 1_000_000)),
            Acts("requestheader", Shapes.Size(1 << 10, 16 << 20)),
            Acts("manifest", Shapes.Size(1 << 10, 1 << 30)),
            Acts("requestspersecond", Shapes.Integer(0, 1_000_000)))),
        Acts("secret", Shapes.Secret),
        Foreign("h2c"));

    private static SectionShape Tls => new(
        Acts("certificate", Shapes.Path),
        Acts("key", Shapes.Path),
        Acts("minimumtls", Shapes.Choice("tls1.0", "tls1.1", "tls1.2", "tls1.3")),
        Acts("ciphersuites", new ListShape(new ScalarShape("a cipher suite such as TLS_AES_128_GCM_SHA256", FindCipherSuiteProblem))),
        Acts("clientcas", new ListShape(Shapes.Path)),
        Acts("clientauth", Shapes.Choice(
            "request-client-cert", "require-any-client-cert", "verify-client-cert-if-given", "require-and-verify-client-cert")),
        Acts("letsencrypt", new SectionShape(
            Acts("cachefile", Shapes.Path),
            Acts("email", Shapes.Text),
            Acts("hosts", new ListShape(Shapes.Host)),
            Acts("directoryurl", Shapes.Url))));

    private static string? FindOriginProblem(string text) =>
        text == "*" || (UrlText.FindProblem(text, ["https", "http"]) is null && UrlText.TryParse(text, out var url) && text.Equals(url.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase))
            ? null
            : $"{ShownText.Of(text)} is not an origin; expected scheme and host, such as https://ui.example.com, or *";

    private static string? FindCipherSuiteProblem(string text) =>
        text.StartsWith("TLS_", StringComparison.Ordinal) && Enum.TryParse<TlsCipherSuite>(text, out _)
            ? null
            : $"{ShownText.Of(text)} is not a cipher suite; expected a name such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

    private static string? FindPrefixProblem(string text) =>
        text.StartsWith('/')
        && !text.Contains("//", StringComparison.Ordinal)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '~')
            ? null
            : $"{ShownText.Of(text)} is not a path; expected a path that begins with a slash, such as /registry/";

    private static string? FindHeaderNameProblem(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
            ? null
            : $"{ShownText.Of(name)} is not the name of a header; expected a name such as X-Content-Type-Options";

    private static string? FindHeaderValueProblem(string text) =>
        text.All(c => c is '\t' or (>= ' ' and <= '~')) ? null : "this cannot be the value of a header; expected printable ASCII characters in one line";
}
