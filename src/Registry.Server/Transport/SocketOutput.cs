using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Registry.Server.Transport;

/// <summary>Output without encryption: files go from the page cache to the socket by sendfile(2).</summary>
internal sealed class SocketOutput(Socket socket, PipeWriter bytes, MemoryPool<byte> pool, StallTimer stall) : FileOutput(bytes, stall)
{
    /// <summary>Bytes copied at once where the file's system has no sendfile.</summary>
    private const int Piece = 64 << 10;

    private readonly SocketSend _send = new(socket.SafeHandle, stall);

    /// <inheritdoc/>
    public override void Close() => _send.Close();

    /// <inheritdoc/>
    protected override async ValueTask SendAsync(SafeFileHandle file, long offset, int count, CancellationToken cancellation)
    {
        var end = offset + count;
        SendFileResult result;
        try
        {
            result = await _send.SendAsync(file, offset, end);
        }
        finally
        {
            FileBytesSent += _send.Offset - offset;
        }

        if (result == SendFileResult.Unsupported)
        {
            await CopyAsync(file, _send.Offset, end, cancellation);
        }
    }

    private async ValueTask CopyAsync(SafeFileHandle file, long offset, long end, CancellationToken cancellation)
    {
        using var block = pool.Rent(Math.Min(Piece, pool.MaxBufferSize));
        try
        {
            while (offset < end)
            {
                var read = RandomAccess.Read(file, block.Memory.Span[..(int)Math.Min(block.Memory.Length, end - offset)], offset);
                if (read == 0)
                {
                    throw new EndOfStreamException("The blob is shorter than it was.");
                }

                Stall.Restart();
                await socket.SendAsync(block.Memory[..read], SocketFlags.None, cancellation);
                offset += read;
                FileBytesSent += read;
            }
        }
        finally
        {
            Stall.Stop();
        }
    }
}
