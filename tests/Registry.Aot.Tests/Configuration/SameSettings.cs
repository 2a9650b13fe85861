using Registry.Aot.Configuration;
using Registry.Mirror;
using Registry.Server;
using Registry.Server.Access;
using Registry.Server.Tls;

namespace Registry.Aot.Tests.Configuration;

/// <summary>Compares settings by value. The lists of a record, which compare by reference, are compared one by one.</summary>
internal static class SameSettings
{
    private static readonly AccessOptions NoAccess = new();

    private static readonly ValidationOptions NoValidation = new();

    public static void AssertEqual(Settings expected, Settings actual)
    {
        Assert.Equal(expected.Storage, actual.Storage);
        Assert.Equal(expected.Log with { Fields = [] }, actual.Log with { Fields = [] });
        Assert.Equal(expected.Log.Fields, actual.Log.Fields);
        Assert.Equal(expected.Writes with { Validation = NoValidation }, actual.Writes with { Validation = NoValidation });
        Assert.Equal(expected.Writes.Validation.IsDisabled, actual.Writes.Validation.IsDisabled);
        Assert.Equal(expected.Writes.Validation.IndexPlatforms?.ToList(), actual.Writes.Validation.IndexPlatforms?.ToList());
        AssertEqual(expected.Mirror, actual.Mirror);
        AssertEqual(expected.Server, actual.Server);
    }

    private static void AssertEqual(MirrorOptions expected, MirrorOptions actual)
    {
        Assert.Equal(expected.Default, actual.Default);
        Assert.Equal(expected.Local, actual.Local);
        Assert.Equal(expected.Fetch, actual.Fetch);
        Assert.Equal(
            expected.Upstreams.Select(upstream => upstream with { Endpoints = [], Realms = [] }),
            actual.Upstreams.Select(upstream => upstream with { Endpoints = [], Realms = [] }));
        Assert.Equal(expected.Upstreams.Select(upstream => upstream.Endpoints), actual.Upstreams.Select(upstream => upstream.Endpoints));
        Assert.Equal(expected.Upstreams.Select(upstream => upstream.Realms), actual.Upstreams.Select(upstream => upstream.Realms));
    }

    private static void AssertEqual(ServerOptions expected, ServerOptions actual)
    {
        Assert.Equal(WithoutLists(expected), WithoutLists(actual));
        Assert.Equal(expected.Headers, actual.Headers);
        Assert.Equal(expected.TrustedProxies, actual.TrustedProxies);
        Assert.Equal(expected.CorsOrigins, actual.CorsOrigins);
        Assert.Equal(WithoutLists(expected.Tls), WithoutLists(actual.Tls));
        Assert.Equal(expected.Tls?.CipherSuites, actual.Tls?.CipherSuites);
        Assert.Equal(expected.Tls?.ClientAuthorityFiles, actual.Tls?.ClientAuthorityFiles);
        Assert.Equal(expected.Tls?.Acme?.Hosts, actual.Tls?.Acme?.Hosts);
        Assert.Equal(
            expected.Access.Rules?.Select(rule => (rule.Actions, rule.IsForAnonymous)), actual.Access.Rules?.Select(rule => (rule.Actions, rule.IsForAnonymous)));
        Assert.Equal(expected.Access.MirrorKeys.Select(key => key.Name), actual.Access.MirrorKeys.Select(key => key.Name));
        Assert.Equal(expected.Access.LoginOpensMirror, actual.Access.LoginOpensMirror);
    }

    private static ServerOptions WithoutLists(ServerOptions server) =>
        server with { Headers = [], TrustedProxies = [], CorsOrigins = [], Access = NoAccess, Tls = null };

    private static TlsOptions? WithoutLists(TlsOptions? tls) =>
        tls is null ? null : tls with { CipherSuites = [], ClientAuthorityFiles = [], Acme = tls.Acme is null ? null : tls.Acme with { Hosts = [] } };
}
