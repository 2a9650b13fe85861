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
                SendFile.TrySend(handle, file, ref offset, end - offset);
                FileBytesSent += offset - before;
                if (offset < end)
                {
                    // It took less than was offered: it is full.
                    Stall.Restart();
                    var copied = await SendCopyAsync(file, offset, (int)Math.Min(WaitingPiece, end - offset), cancellation);
                    offset += copied;
                    FileBytesSent += copied;
                }
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
