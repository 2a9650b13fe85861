using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.Win32.SafeHandles;

namespace Registry.Server.Transport;

/// <summary>
/// Output of an encrypted connection: files are read into a buffer and go straight to the stream that encrypts, past the pipe in which Kestrel would copy them once more.
/// </summary>
internal sealed class TlsOutput(SslStream stream, RecordOutput? records, PipeWriter bytes, StallTimer stall, CancellationToken closed) : FileOutput(bytes, stall)
{
    /// <summary>
    /// Bytes read and encrypted at once: two TLS records, which with what encryption adds fit into 32 KiB. That is all that a reader holds while it waits.
    /// </summary>
    public const int Piece = 30 << 10;

    /// <summary>Says that nothing more comes (close_notify, RFC 8446, 6.1), without which a client cannot tell the end from a cut.</summary>
    public override async ValueTask CloseAsync()
    {
        if (closed.IsCancellationRequested)
        {
            return;
        }

        Stall.Restart();
        try
        {
            await stream.ShutdownAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The client was quicker.
        }
        finally
        {
            Stall.Stop();
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask SendAsync(SafeFileHandle file, long offset, int count, CancellationToken cancellation)
    {
        try
        {
            while (count > 0)
            {
                // What is under the stream may take what is written to it even when the client is gone.
                cancellation.ThrowIfCancellationRequested();
                closed.ThrowIfCancellationRequested();
                var sent = Math.Min(Piece, count);
                var write = SendPieceAsync(file, offset, sent, cancellation);
                if (!write.IsCompleted)
                {
                    Stall.Restart();
                }

                await write;
                offset += sent;
                count -= sent;
                FileBytesSent += sent;
            }
        }
        finally
        {
            Stall.Stop();
        }
    }

    private async ValueTask SendPieceAsync(SafeFileHandle file, long offset, int count, CancellationToken cancellation)
    {
        records?.Hold();
        var piece = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            var read = 0;
            while (read < count)
            {
                var more = RandomAccess.Read(file, piece.AsSpan(read, count - read), offset + read);
                read += more > 0 ? more : throw new EndOfStreamException("The blob is shorter than it was.");
            }

            await stream.WriteAsync(piece.AsMemory(0, count), cancellation);
        }
        finally
        {
            // Before the wait for the socket: whoever waits holds the records alone.
            ArrayPool<byte>.Shared.Return(piece);
        }

        if (records is not null)
        {
            await records.ReleaseAsync(cancellation);
        }
    }
}
