using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Registry.Aot.Configuration.Binding;
using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;
using Registry.Mirror;
using Registry.Mirror.Fetches;
using Registry.Mirror.Upstreams;
using Registry.Server;
using Registry.Server.Logging;
using Registry.Server.Tls;
using Registry.Storage;
using static Registry.Aot.Configuration.Effective.ValueTree;

namespace Registry.Aot.Configuration.Effective;

/// <summary>
/// The values that are in force, under the keys that would write them. They are the settings' own, so they are what the server runs with, whoever set them.
/// What is off until it is written is left out, and so are secrets.
/// </summary>
internal static class EffectiveValues
{
    /// <summary>The values of settings.</summary>
    public static MapNode Of(Settings settings)
    {
        var root = new SectionReader(RootSchema.Section, settings.Effective);
        var hasProxy = MirrorBinder.HasProxy(root);
        return Map(
            Text("version", RootSchema.Version),
            OfLog(settings.Log, settings.Server.AccessLog),
            OfStorage(settings.Storage, settings.Writes),
            Section("auth", Section("htpasswd", Text("realm", settings.Server.Passwords?.Realm))),
            OfHttp(settings.Server, settings.Writes),
            hasProxy ? Section("proxy", Duration("ttl", settings.Mirror.Upstreams[0].Ttl)) : null,
            settings.Mirror.Upstreams.Count > 0 ? OfMirror(settings.Mirror, hasProxy) : null,
            OfValidation(settings.Writes.Validation, root.Section("validation")));
    }

    private static MapEntry? OfLog(LogOptions log, bool accessLog) => Section(
        "log",
        Text("level", log.Level switch
        {
            LogLevel.Error => "error",
            LogLevel.Warning => "warn",
            LogLevel.Debug => "debug",
            _ => "info",
        }),
        Text("formatter", log.Form switch
        {
            LogForm.Json => "json",
            LogForm.Logstash => "logstash",
            _ => "text",
        }),
        Section("accesslog", Flag("disabled", !accessLog)));

    private static MapEntry? OfStorage(StorageOptions storage, WriteOptions writes) => Section(
        "storage",
        Section(StorageSchema.FileSystem, Text("rootdirectory", storage.RootDirectory)),
        Section("delete", Flag("enabled", writes.AllowsDelete)),
        Section(
            "maintenance",
            Section(
                "uploadpurging",
                Flag("enabled", storage.UploadPurge.IsEnabled),
                Duration("age", storage.UploadPurge.Age),
                Duration("interval", storage.UploadPurge.Interval),
                Flag("dryrun", storage.UploadPurge.IsDryRun)),
            Section("readonly", Flag("enabled", writes.IsReadOnly))));

    private static MapEntry? OfHttp(ServerOptions server, WriteOptions writes) => Section(
        "http",
        Text("addr", server.Address),
        Text("net", server.UnixSocket ? "unix" : "tcp"),
        Text("prefix", server.Prefix),
        Duration("draintimeout", server.DrainTimeout),
        Section(
            "timeout",
            Duration("read", server.ReadTimeout),
            Duration("write", server.WriteTimeout),
            Duration("idle", server.IdleTimeout)),
        Section("http2", Flag("disabled", server.Tls is { } tls ? !tls.OffersHttp2 : null)),
        server.Tls is null ? null : OfTls(server.Tls),
        Section("plain", Flag("redirect", server.Plain?.Redirects)),
        Section(
            "limits",
            Integer("connections", server.MaxConnections),
            Size("requestheader", server.MaxRequestHeaderBytes),
            Size("manifest", writes.MaxManifestBytes),
            Integer("requestspersecond", server.RequestsPerSecond)));

    private static MapEntry? OfTls(TlsOptions tls) => Section(
        "tls",
        Text("minimumtls", tls.Versions == SslProtocols.Tls13 ? "tls1.3" : "tls1.2"),
        Text("clientauth", tls.ClientCertificates switch
        {
            ClientCertificateDemand.Request => "request-client-cert",
            ClientCertificateDemand.RequireAny => "require-any-client-cert",
            ClientCertificateDemand.VerifyIfGiven => "verify-client-cert-if-given",
            ClientCertificateDemand.RequireAndVerify => "require-and-verify-client-cert",
            _ => null,
        }),
        Section("letsencrypt", Text("directoryurl", tls.Acme?.Directory.OriginalString)));

    // What `proxy` says is the first upstream, and the default one: `mirror` may say neither again.
    private static MapEntry? OfMirror(MirrorOptions mirror, bool hasProxy) => Section(
        "mirror",
        Text("default", hasProxy ? null : mirror.Default),
        List("upstreams", mirror.Upstreams.Skip(hasProxy ? 1 : 0).Select(OfUpstream)),
        OfFetch(mirror.Fetch));

    private static MapNode OfUpstream(UpstreamOptions upstream) => Map(
        Text("name", upstream.Name),
        List("endpoints", upstream.Endpoints.Select(endpoint => Scalar(endpoint.Url.OriginalString))),
        Duration("freshness", upstream.Freshness),
        Duration("ttl", upstream.Ttl),
        Size("bandwidth", upstream.Bandwidth),
        Duration("stalefor", upstream.StaleFor));

    private static MapEntry? OfFetch(FetchOptions fetch) => Section(
        "fetch",
        Integer("connections", fetch.Connections),
        Integer("perupstream", fetch.PerUpstream),
        Integer("total", fetch.Total),
        Size("minsegment", fetch.MinSegment),
        Duration("stalltimeout", fetch.StallTimeout),
        Duration("retryfor", fetch.RetryFor),
        Flag("finish", fetch.Finish),
        Duration("partialttl", fetch.PartialTtl));

    // `enabled` and `disabled` say the same: one of them is enough.
    private static MapEntry? OfValidation(ValidationOptions validation, SectionReader written) => Section(
        "validation",
        Flag("disabled", written.Entry("enabled") is null ? validation.IsDisabled : null),
        Section(
            "manifests",
            Section("indexes", Text("platforms", validation.IndexPlatforms switch
            {
                null => ValidationSchema.All,
                { IsEmpty: true } => ValidationSchema.None,
                _ => ValidationSchema.List,
            }))));
}
