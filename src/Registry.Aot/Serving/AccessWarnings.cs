using System.Net;
using Microsoft.Extensions.Logging;
using Registry.Aot.Configuration;
using Registry.Server;

namespace Registry.Aot.Serving;

/// <summary>What the user should hear at the start of who can do what.</summary>
internal static class AccessWarnings
{
    /// <summary>Logs it.</summary>
    /// <param name="settings">What is in force.</param>
    /// <param name="address">Where the server listens, as a URL.</param>
    /// <param name="logger">The log.</param>
    public static void Log(Settings settings, string address, ILogger logger)
    {
        var server = settings.Server;
        var isOpen = server is { Passwords: null, Access.Rules: null };
        if (isOpen && settings.Mirror.Upstreams.Count == 0 && !settings.Writes.IsReadOnly && settings.Writes.PushRefusal is null)
        {
            ServeLog.OpenPushes(logger, address);
        }

        foreach (var upstream in settings.Mirror.Upstreams.Where(upstream => isOpen && upstream.Endpoints.Any(endpoint => endpoint.Credential is not null)))
        {
            ServeLog.OpenAccount(logger, upstream.Name);
        }

        if (server.Passwords is null)
        {
            return;
        }

        if (server is { UnixSocket: false, Tls: null, TrustedProxies.Count: 0 } && !IsLoopback(address) && server.Host?.Scheme != Uri.UriSchemeHttps)
        {
            ServeLog.ClearPasswords(logger, address);
        }

        if (server is { Plain: { Redirects: false } plain, TrustedProxies.Count: 0 } && !IPAddress.IsLoopback(ListenAddress.Parse(plain.Address).Address))
        {
            ServeLog.PlainPasswords(logger, plain.Address);
        }

        if (settings.Mirror.Upstreams.Count > 0 && !server.Access.LetsAnonymousIn)
        {
            ServeLog.MirrorClosed(logger);
        }
    }

    private static bool IsLoopback(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && (url.IsLoopback || (IPAddress.TryParse(url.Host, out var host) && IPAddress.IsLoopback(host)));
}
