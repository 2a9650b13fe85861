using System.Net;
using Registry.Aot.Configuration.Values;
using Registry.Mirror;
using Registry.Server;
using Registry.Storage.Manifests;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds what decides on writes, which stands in several sections.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class WriteBinder(Diagnostics found)
{
    /// <summary>Binds it.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="server">How the server listens.</param>
    /// <param name="mirror">What is mirrored.</param>
    public WriteOptions Bind(SectionReader root, ServerOptions server, MirrorOptions mirror)
    {
        var storage = root.Section("storage");
        var limits = root.Section("http").Section("limits");
        var manifest = limits.Size("manifest");
        if (manifest > ManifestReader.MaxBytes)
        {
            found.Warn(limits.Entry("manifest")!.Value.Origin, $"http.limits.manifest: larger manifests than {SizeText.Format(ManifestReader.MaxBytes)} are not kept; that is in force");
        }

        return new WriteOptions
        {
            IsReadOnly = storage.Section("maintenance").Section("readonly").Flag("enabled") ?? false,
            AllowsDelete = storage.Section("delete").Flag("enabled") ?? false,
            MaxManifestBytes = (int)Math.Min(manifest ?? ManifestReader.MaxBytes, ManifestReader.MaxBytes),
            PushRefusal = mirror.Upstreams.Count > 0 && server is { Passwords: null, Access.Rules: null } && !IsLocalOnly(server)
                ? "A mirror that anybody can reach takes no pushes. Give it passwords (auth), or let it listen on a loopback address (http.addr) to push from its own machine."
                : null,
        };
    }

    // Whoever reaches a loopback address or a Unix socket is on this machine, unless a proxy there lets others in.
    private static bool IsLocalOnly(ServerOptions server)
    {
        if (server.TrustedProxies.Count > 0)
        {
            return false;
        }

        try
        {
            return (server.UnixSocket || IsLoopback(server.Address)) && (server.Plain is null or { Redirects: true } || IsLoopback(server.Plain.Address));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsLoopback(string address) => IPAddress.IsLoopback(ListenAddress.Parse(address).Address);
}
