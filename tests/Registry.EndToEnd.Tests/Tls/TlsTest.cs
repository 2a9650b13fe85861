using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Registry.EndToEnd.Servers;
using Registry.Testing.Processes;
using Registry.Testing.Serving;

namespace Registry.EndToEnd.Tls;

/// <summary>What tests of TLS share: certificates on disk, and the binary behind them.</summary>
public abstract class TlsTest : ServerTest
{
    private protected TestCertificates Certificates { get; } = new(TimeProvider.System);

    private protected string CertificateFile => Directory.File("cert.pem");

    private protected string KeyFile => Directory.File("key.pem");

    private protected string AuthorityFile => Directory.File("ca.pem");

    private protected static Task<CommandResult> CurlAsync(params string[] arguments) => Command.RunAsync("curl", ["-sS", "-m", "30", .. arguments], Token);

    private protected static Task<CommandResult> OpenSslAsync(int port, params string[] arguments)
    {
        var client = string.Join(' ', arguments.Select(argument => $"'{argument}'"));
        return Command.RunAsync("sh", ["-c", $"printf 'GET /v2/ HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' | timeout 20 openssl s_client -ign_eof -connect 127.0.0.1:{port} {client} 2>&1"], Token);
    }

    /// <summary>The certificate that a new connection gets; null: nobody listens.</summary>
    private protected static async Task<X509Certificate2?> PresentedAsync(int port, string host, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            X509Certificate2? presented = null;
            await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
            {
                presented = new X509Certificate2(certificate!);
                return presented is not null;
            });
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellationToken);
            return presented;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private protected async Task WriteCertificatesAsync(TestCertificates certificates)
    {
        await File.WriteAllTextAsync(CertificateFile, certificates.ServerPem, Token);
        await File.WriteAllTextAsync(KeyFile, certificates.ServerKeyPem, Token);
        await File.WriteAllTextAsync(AuthorityFile, Certificates.AuthorityPem, Token);
    }

    private protected string Configuration(int port, string tls, string more = "") =>
        $$"""
        {{RegistryConfiguration.Private(DataDirectory, port)}}
          tls: {certificate: {{CertificateFile}}, key: {{KeyFile}}{{tls}} }
        {{more}}
        """;

    private protected async Task<Daemon> StartTlsAsync(int port, string configuration, params (string Name, string? Value)[] environment)
    {
        await File.WriteAllTextAsync(ConfigurationFile, configuration, Token);
        var variables = environment.Append(("REGISTRY_BINARY", null)).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
        var server = Daemon.Start(RegistryProcess.Binary, ["serve", ConfigurationFile], variables);
        await server.WaitUntilAsync(async token => await PresentedAsync(port, "localhost", token) is not null, Token);
        return server;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Certificates.Dispose();
        base.Dispose(disposing);
    }
}
