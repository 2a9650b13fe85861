using Microsoft.AspNetCore.Http;
using Registry.Mirror.Blobs;
using Registry.Server.Requests;

namespace Registry.Server.Blobs;

/// <summary>Sends the bytes of a blob as they can be had. Thread-safe.</summary>
internal sealed class BlobSender(TimeProvider time, TimeSpan writeTimeout)
{
    /// <summary>Bytes read and written at once: with smaller pieces the calls cost more than the copying.</summary>
    private const int PieceSize = 64 << 10;

    /// <summary>
    /// How long the headers wait for the first byte, so that what fails at once is still an error with a status. Clients give up without headers, but not without bytes.
    /// </summary>
    private static readonly TimeSpan HeadersAlone = TimeSpan.FromSeconds(1);

    /// <summary>Sends a range; to the blob's end when its length was not known.</summary>
    /// <exception cref="Mirror.Fetches.BlobBrokenException">The blob does not come: the connection must be broken.</exception>
    /// <exception cref="OperationCanceledException">The client left, or has taken nothing for too long.</exception>
    public async Task SendAsync(HttpContext context, BlobContent content, long first, long? end, bool isClosed)
    {
        var record = context.Record();
        var writer = context.Response.BodyWriter;
        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var aborted = context.RequestAborted.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), idle);
        var position = first;
        while (end is null || position < end)
        {
            var available = content.IsUnstored ? 0 : await WaitAsync(context, content, position, isClosed);
            if (available == 0 && !content.IsUnstored)
            {
                return;
            }

            var piece = writer.GetMemory(PieceSize);
            piece = piece[..(int)Math.Min(piece.Length, (end ?? long.MaxValue) - position)];
            var read = content.IsUnstored
                ? await content.ReadAsync(position, piece, isClosed, context.RequestAborted)
                : RandomAccess.Read(content.File!, piece.Span[..(int)Math.Min(piece.Length, available)], position);
            if (read == 0)
            {
                throw new EndOfStreamException("The blob is shorter than it was.");
            }

            writer.Advance(read);
            idle.CancelAfter(writeTimeout);
            await writer.FlushAsync(idle.Token);
            idle.CancelAfter(Timeout.InfiniteTimeSpan);
            position += read;
            record.BytesSent += read;
        }
    }

    private async ValueTask<long> WaitAsync(HttpContext context, BlobContent content, long position, bool isClosed)
    {
        var available = content.WaitAsync(position, isClosed, context.RequestAborted);
        if (context.Response.HasStarted || available.IsCompleted)
        {
            return await available;
        }

        var first = available.AsTask();
        try
        {
            return await first.WaitAsync(HeadersAlone, time, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            return await first;
        }
    }
}
