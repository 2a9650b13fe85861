using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Registry.Load.Clients;

/// <summary>Reads from a TCP socket and throws away in the kernel, so that nothing is copied.</summary>
internal static partial class Discarding
{
    // MSG_DONTWAIT and MSG_TRUNC of Linux; the latter discards, for TCP (tcp(7)).
    private const int Flags = 0x40 | 0x20;
    private const int WouldBlock = 11;

    /// <summary>Takes what is there, at most so much.</summary>
    /// <returns>The bytes; 0 at the end of the stream; -1 when nothing is there now.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public static long Take(Socket socket, long most)
    {
        var count = Receive(socket.SafeHandle, 0, (nint)most, Flags);
        if (count >= 0)
        {
            return count;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == WouldBlock ? -1 : throw new SocketException(error, $"recv: error {error}");
    }

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeHandle socket, nint buffer, nint length, int flags);
}
