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
    /// <summary>Bytes read and encrypted at once: four TLS records, in an array that is not yet a large object.</summary>
    private const int Piece = 64 << 10;

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
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(Piece, count));
        try
        {
            while (count > 0)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(0, Math.Min(buffer.Length, count)), offset);
                if (read == 0)
                {
                    throw new EndOfStreamException("The blob is shorter than it was.");
                }

                // What is under the stream may take what is written to it even when the client is gone.
                cancellation.ThrowIfCancellationRequested();
                closed.ThrowIfCancellationRequested();
                records?.Hold();
                var write = WritePieceAsync(buffer.AsMemory(0, read), cancellation);
                if (!write.IsCompleted)
                {
                    Stall.Restart();
                }

                await write;
                offset += read;
                count -= read;
                FileBytesSent += read;
            }
        }
        finally
        {
            Stall.Stop();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask WritePieceAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        await stream.WriteAsync(piece, cancellation);
        if (records is not null)
        {
            await records.ReleaseAsync(cancellation);
        }
    }
}
