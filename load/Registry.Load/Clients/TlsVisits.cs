using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Clients;

/// <summary>Connects, shakes hands, asks once and goes, again and again. Thread-safe.</summary>
/// <param name="server">What to connect to; it speaks TLS.</param>
/// <param name="protocol">The only version offered.</param>
/// <param name="resume">Takes up the session of an earlier visit where the server lets it.</param>
internal sealed class TlsVisits(Server server, SslProtocols protocol, bool resume)
{
    private static readonly byte[] Question = HttpRequest.Get("/v2/");

    private readonly Certificate _certificate = server.Certificate ?? throw new ArgumentException("It does not speak TLS.", nameof(server));
    private readonly SslClientAuthenticationOptions _options = new()
    {
        TargetHost = Certificate.Host,
        RemoteCertificateValidationCallback = server.Certificate.ClientOptions.RemoteCertificateValidationCallback,
        EnabledSslProtocols = protocol,
        AllowTlsResume = resume,
    };

    private int _resumed;

    /// <summary>Handshakes in which the server showed no certificate, as there are only in resumed ones.</summary>
    public int Resumed => _resumed;

    /// <summary>One visit. The answer is read because the tickets of TLS 1.3 come with it.</summary>
    public async ValueTask<Response> OnceAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Url.Port), cancellation);
        await using var stream = new CountedStream(socket);
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(_options, cancellation);
        if (stream.Received < _certificate.Length)
        {
            Interlocked.Increment(ref _resumed);
        }

        await tls.WriteAsync(Question, cancellation);
        var buffer = new byte[4096];
        var count = await tls.ReadAsync(buffer, cancellation);
        return count > 0 ? Response.Expect(ResponseHead.Parse(buffer.AsSpan(0, count)).Status, 200) : Response.Fail("the connection ended without a response");
    }
}
