using System.Net;
using System.Net.Sockets;
using Registry.Testing.Processes;

namespace Registry.Testing.Serving;

/// <summary>
/// Debian's ACME test authority (pebble) with a resolver that gives every name one address. It refuses half of all nonces. Disposing of it kills both.
/// </summary>
public sealed class AcmeAuthority : IAsyncDisposable
{
    private readonly Daemon _resolver;
    private readonly Daemon _authority;

    private AcmeAuthority(Daemon resolver, Daemon authority, int port)
    {
        _resolver = resolver;
        _authority = authority;
        Directory = new Uri($"https://localhost:{port}/dir");
    }

    /// <summary>Its directory; its certificate is that which it was started with.</summary>
    public Uri Directory { get; }

    /// <summary>All that it has said.</summary>
    public string Said => _authority.Said;

    /// <summary>Starts it.</summary>
    /// <param name="certificates">What it answers https with.</param>
    /// <param name="directory">Where its files go.</param>
    /// <param name="port">Where it listens, to come back at the same place; null: at a free port.</param>
    /// <param name="httpPort">The port at which it asks for challenges.</param>
    /// <param name="challengeAddress">The address of every name.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<AcmeAuthority> StartAsync(
        TestCertificates certificates, TemporaryDirectory directory, int? port, int httpPort, IPAddress challengeAddress, CancellationToken cancellationToken)
    {
        var listen = port ?? FreePort();
        var certificate = directory.File("authority.pem");
        var key = directory.File("authority.key");
        await File.WriteAllTextAsync(certificate, certificates.ServerPem, cancellationToken);
        await File.WriteAllTextAsync(key, certificates.ServerKeyPem, cancellationToken);
        await File.WriteAllTextAsync(directory.File("authority.json"), Configuration(listen, httpPort, certificate, key), cancellationToken);

        var (dns, management) = (FreePort(), FreePort());
        var resolver = Daemon.Start("pebble-challtestsrv",
            ["-defaultIPv4", challengeAddress.ToString(), "-defaultIPv6", "", "-dns01", $"127.0.0.1:{dns}", "-management", $"127.0.0.1:{management}", "-http01", "", "-https01", "", "-tlsalpn01", ""]);
        var authority = Daemon.Start("pebble", ["-config", directory.File("authority.json"), "-dnsserver", $"127.0.0.1:{dns}"],
            new Dictionary<string, string?> { ["PEBBLE_VA_NOSLEEP"] = "1", ["PEBBLE_WFE_NONCEREJECT"] = "50", ["PEBBLE_AUTHZREUSE"] = "0" });
        var started = new AcmeAuthority(resolver, authority, listen);
        try
        {
            await authority.WaitUntilAsync(token => ListensAsync(listen, token), cancellationToken);
            await resolver.WaitUntilAsync(token => ListensAsync(management, token), cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _authority.DisposeAsync();
        await _resolver.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Configuration(int port, int httpPort, string certificate, string key) =>
        $$"""
        {
          "pebble": {
            "listenAddress": "127.0.0.1:{{port}}",
            "managementListenAddress": "",
            "certificate": "{{certificate}}",
            "privateKey": "{{key}}",
            "httpPort": {{httpPort}},
            "tlsPort": 1
          }
        }
        """;

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
