using System.Net;
using System.Net.Sockets;

namespace Registry.EndToEnd.Servers;

/// <summary>
/// Ports for programs that take theirs from a configuration. Thread-safe. They lie below the range from which the system serves those who ask for
/// any port, so that no other listener or connection of the tests comes between the finding and the use.
/// </summary>
internal static class FreePort
{
    private const int First = 10_000;
    private const int Count = 20_000;

    // Test runs side by side begin at different places.
    private static int _next = Environment.ProcessId * 97 % Count;

    /// <summary>A port that nobody listens on and that has not been given out yet.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one may not be.
            }
        }
    }
}
