using System.Net;
using System.Net.Sockets;

namespace Registry.Mirror.Upstreams;

/// <summary>Names and connections, as the machine gives them. Immutable.</summary>
/// <param name="Resolve">The addresses of a host name or address literal.</param>
/// <param name="Connect">Opens a TCP connection; the caller owns the stream.</param>
internal sealed record Network(
    Func<string, CancellationToken, Task<IPAddress[]>> Resolve,
    Func<IPEndPoint, CancellationToken, Task<Stream>> Connect)
{
    /// <summary>The machine's resolver and sockets.</summary>
    public static Network Machine { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync);

    private static async Task<Stream> ConnectAsync(IPEndPoint to, CancellationToken cancellation)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(to, cancellation);
            var stream = new NetworkStream(socket, ownsSocket: true);
            socket = null;
            return stream;
        }
        finally
        {
            socket?.Dispose();
        }
    }
}
