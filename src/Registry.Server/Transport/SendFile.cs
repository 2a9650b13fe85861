using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;

namespace Registry.Server.Transport;

/// <summary>sendfile(2) of Linux: from the page cache to a socket, without a copy. Thread-safe.</summary>
internal static partial class SendFile
{
    private const int InterruptedCall = 4;
    private const int WouldBlock = 11;
    private const int InvalidArgument = 22;
    private const int BrokenPipe = 32;
    private const int NotImplemented = 38;
    private const int ConnectionReset = 104;
    private const int NotConnected = 107;

    /// <summary>Sends what the socket takes at once.</summary>
    /// <param name="socket">A socket that does not block: one that has been used asynchronously.</param>
    /// <param name="file">A file open for reading.</param>
    /// <param name="offset">Where in the file; moved on by what was sent.</param>
    /// <param name="end">Where to end, after the offset.</param>
    /// <exception cref="EndOfStreamException">The file ends at the offset.</exception>
    /// <exception cref="ConnectionResetException">The client is gone.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The connection is gone.</exception>
    public static SendFileResult Send(SafeSocketHandle socket, SafeFileHandle file, ref long offset, long end)
    {
        while (true)
        {
            var sent = Send(socket, file, ref offset, (nint)(end - offset));
            if (sent > 0)
            {
                return offset == end ? SendFileResult.Sent : SendFileResult.Full;
            }

            if (sent == 0)
            {
                throw new EndOfStreamException("The blob is shorter than it was.");
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case InterruptedCall:
                    continue;
                case WouldBlock:
                    return SendFileResult.Full;
                case InvalidArgument or NotImplemented:
                    return SendFileResult.Unsupported;
                case BrokenPipe or ConnectionReset or NotConnected:
                    throw new ConnectionResetException(Marshal.GetLastPInvokeErrorMessage());
                default:
                    throw new IOException(Marshal.GetLastPInvokeErrorMessage());
            }
        }
    }

    // off_t has 64 bits on every 64-bit Linux, whichever C library it has.
    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, SafeFileHandle file, ref long offset, nint count);
}
