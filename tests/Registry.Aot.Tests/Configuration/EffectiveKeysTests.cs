using Registry.Aot.Configuration;
using Registry.Aot.Configuration.Effective;
using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;
using Registry.Testing;
using Registry.Testing.Serving;

namespace Registry.Aot.Tests.Configuration;

/// <summary>Every key that acts is shown with its default, or stands here with the reason why it has none.</summary>
public sealed class EffectiveKeysTests : IDisposable
{
    private static readonly Dictionary<string, string> OffUntilWritten = new(StringComparer.Ordinal)
    {
        ["log.fields"] = "nothing is added to a line",
        ["storage.cache.blobdescriptor"] = "changes nothing",
        ["storage.cache.layerinfo"] = "changes nothing",
        ["auth.htpasswd.path"] = "switches passwords on",
        ["http.host"] = "a Location is relative",
        ["http.relativeurls"] = "changes nothing",
        ["http.headers"] = "nothing is added to an answer",
        ["http.tls.certificate"] = "switches TLS on",
        ["http.tls.key"] = "switches TLS on",
        ["http.tls.ciphersuites"] = "the platform chooses",
        ["http.tls.clientcas"] = "no certificate is asked for",
        ["http.tls.letsencrypt.cachefile"] = "switches TLS on",
        ["http.tls.letsencrypt.email"] = "the authority has nobody to write to",
        ["http.tls.letsencrypt.hosts"] = "switches TLS on",
        ["http.plain.addr"] = "switches the plain listener on",
        ["http.plain.acmewebroot"] = "there is no such directory",
        ["http.hsts.maxage"] = "nothing is said to browsers",
        ["http.cors.origins"] = "no page of another site may use it",
        ["http.trustedproxies"] = "nobody is believed",
        ["http.secret"] = "a random one, and a secret",
        ["proxy.remoteurl"] = "switches the mirror on",
        ["proxy.username"] = "the upstream is asked as anybody",
        ["proxy.password"] = "a secret",
        ["mirror.upstreams.endpoints.username"] = "the endpoint is asked as anybody",
        ["mirror.upstreams.endpoints.password"] = "a secret",
        ["mirror.upstreams.endpoints.passwordfile"] = "the endpoint is asked as anybody",
        ["mirror.upstreams.username"] = "the upstream is asked as anybody",
        ["mirror.upstreams.password"] = "a secret",
        ["mirror.upstreams.passwordfile"] = "the upstream is asked as anybody",
        ["mirror.upstreams.proxy"] = "there is none",
        ["mirror.upstreams.ca"] = "the machine's authorities alone are trusted",
        ["mirror.upstreams.realms"] = "the upstream's own site alone may be its token realm",
        ["mirror.local"] = "no name is kept from the upstreams",
        ["access.rules.users"] = "there are no rules",
        ["access.rules.repositories"] = "there are no rules",
        ["access.rules.actions"] = "there are no rules",
        ["access.rules.from"] = "there are no rules",
        ["access.rules.mirrored"] = "there are no rules",
        ["access.mirrorkeys.name"] = "there are no keys",
        ["access.mirrorkeys.keyfile"] = "there are no keys",
        ["access.loginopensmirror"] = "a login opens nothing",
        ["validation.enabled"] = "validation.disabled says it",
        ["validation.manifests.indexes.platformlist.architecture"] = "every platform counts",
        ["validation.manifests.indexes.platformlist.os"] = "every platform counts",
    };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Schema_EveryKeyThatActs_IsShownByDefaultOrOffUntilWritten()
    {
        var shown = SettingsWithSectionsOn().SelectMany(settings => DefaultsOf(EffectiveConfiguration.Of(settings), RootSchema.Section, "")).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(shown.Intersect(OffUntilWritten.Keys));
        Assert.Equal(KeysOf(RootSchema.Section, "").Order(StringComparer.Ordinal), shown.Concat(OffUntilWritten.Keys).Order(StringComparer.Ordinal));
    }

    private IEnumerable<Settings> SettingsWithSectionsOn()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        var authority = _directory.File("ca.pem");
        File.WriteAllText(authority, certificates.AuthorityPem);
        yield return Given.NoFile();
        yield return Given.File("version: 0.1\nproxy: {remoteurl: 'https://ghcr.io'}");
        yield return Given.File($$$"""
            version: 0.1
            http:
              tls: {letsencrypt: {cachefile: /srv/acme, hosts: [registry.example.com]}, clientcas: [{{{authority}}}]}
              plain: {addr: :80}
            auth: {htpasswd: {path: /auth/htpasswd}}
            """);
    }

    private static IEnumerable<string> DefaultsOf(Node node, Shape shape, string path) =>
        (shape, node) switch
        {
            (SectionShape section, not ListNode) when section.Open(node) is { } map =>
                map.Entries.SelectMany(entry => DefaultsOf(entry.Value, section.Find(entry.Name)!.Shape, Join(path, entry.Name))),
            (ListShape list, ListNode items) => items.Items.SelectMany(item => DefaultsOf(item, list.Items, path)),
            (_, ScalarNode { Origin.Source: "default" }) => [path],
            _ => [],
        };

    private static IEnumerable<string> KeysOf(Shape shape, string path) =>
        shape switch
        {
            SectionShape section => section.Keys.Where(key => key.Standing == Standing.Acts).SelectMany(key => KeysOf(key.Shape, Join(path, key.Name))),
            ListShape { Items: SectionShape items } => KeysOf(items, path),

            // Drivers and kinds of auth that there are not: they stop the start.
            AnyShape => [],
            _ => [path],
        };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
