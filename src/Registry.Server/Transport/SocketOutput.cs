using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Registry.Server.Transport;

/// <summary>Output without encryption: files go from the page cache to the socket by sendfile(2).</summary>
internal sealed class SocketOutput(Socket socket, PipeWriter bytes, MemoryPool<byte> pool, StallTimer stall) : FileOutput(bytes, stall)
{
    /// <summary>Bytes that are copied when the socket was full: sending them is the way to wait until it takes more. A block of Kestrel's pool.</summary>
    private const int WaitingPiece = 4096;

    /// <summary>Most bytes in one call, so that the count of what was sent is never far behind.</summary>
    private const int Piece = 256 << 10;

    /// <inheritdoc/>
    protected override async ValueTask SendAsync(SafeFileHandle file, long offset, int count, CancellationToken cancellation)
    {
        var handle = socket.SafeHandle;
        var end = offset + count;
        try
        {
            while (offset < end)
            {
                var before = offset;
                if (!SendFile.TrySend(handle, file, ref offset, Math.Min(Piece, end - offset)))
                {
                    Stall.Restart();
                    offset += await SendCopyAsync(file, offset, (int)Math.Min(WaitingPiece, end - offset), cancellation);
                }

                FileBytesSent += offset - before;
            }
        }
        finally
        {
            Stall.Stop();
        }
    }

    private async ValueTask<int> SendCopyAsync(SafeFileHandle file, long offset, int count, CancellationToken cancellation)
    {
        using var block = pool.Rent(count);
        var read = RandomAccess.Read(file, block.Memory.Span[..count], offset);
        if (read == 0)
        {
            throw new EndOfStreamException("The blob is shorter than it was.");
        }

        await socket.SendAsync(block.Memory[..read], SocketFlags.None, cancellation);
        return read;
    }
}
