using Microsoft.AspNetCore.Http;
using Registry.Mirror.Blobs;
using Registry.Server.Requests;
using Registry.Server.Transport;

namespace Registry.Server.Blobs;

/// <summary>Sends the bytes of a blob as they can be had. Thread-safe.</summary>
internal sealed class BlobSender(TimeProvider time, TimeSpan writeTimeout)
{
    /// <summary>Bytes read and written at once: with smaller pieces the calls cost more than the copying.</summary>
    private const int PieceSize = 64 << 10;

    /// <summary>Less than this is copied, so that it goes out with the headers: one call, one packet.</summary>
    private const int CopyLimit = 16 << 10;

    /// <summary>Bytes of a file sent at once: they cost no memory, but the count of what was sent and the turn of others wait for them.</summary>
    private const int RunSize = 1 << 20;

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
        var files = FileOutput.Of(context);
        var position = first;
        while (end is null || position < end)
        {
            var available = content.IsUnstored ? 0 : await WaitAsync(context, content, position, isClosed);
            if (available == 0 && !content.IsUnstored)
            {
                return;
            }

            var run = Math.Min(available, (end ?? long.MaxValue) - position);
            if (files is not null && run >= CopyLimit)
            {
                position += await SendFileAsync(context, files, content, position, (int)Math.Min(run, RunSize));
                continue;
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

    private static async ValueTask<int> SendFileAsync(HttpContext context, FileOutput files, BlobContent content, long position, int count)
    {
        if (!context.Response.HasStarted)
        {
            await context.Response.StartAsync(context.RequestAborted);
        }

        var before = files.FileBytesSent;
        try
        {
            await files.SendFileAsync(context.Response.BodyWriter, content.File!, position, count, context.RequestAborted);
        }
        finally
        {
            context.Record().BytesSent += files.FileBytesSent - before;
        }

        return count;
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
