using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Registry.Server.Requests;

/// <summary>Reads request bodies as they come, and gives up on one that makes no progress.</summary>
internal sealed class RequestBody(TimeProvider time, TimeSpan readTimeout)
{
    /// <summary>Fewest bytes worth a write, save at the end.</summary>
    private const int PieceSize = 64 << 10;

    /// <summary>Hands a body on piece by piece, in buffers that are the connection's own.</summary>
    /// <param name="context">The request.</param>
    /// <param name="state">Given to <paramref name="take"/>.</param>
    /// <param name="take">Takes a piece before the next is read.</param>
    /// <param name="interruption">Ends the waiting for the client, which is to be answered then.</param>
    /// <exception cref="OperationCanceledException">The client left, or the interruption came.</exception>
    /// <exception cref="BadHttpRequestException">It has sent nothing for too long.</exception>
    public async Task CopyAsync<TState>(HttpContext context, TState state, Action<TState, ReadOnlySequence<byte>> take, CancellationToken interruption)
    {
        var reader = context.Request.BodyReader;
        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var aborted = context.RequestAborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), idle);
        await using var interrupted = interruption.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), idle);
        while (true)
        {
            // Every byte is progress, however slow: what is waited for is not a whole piece.
            idle.CancelAfter(readTimeout);
            var result = await ReadAsync(context, reader, interruption, idle.Token);
            if (result.Buffer.Length < PieceSize && !result.IsCompleted)
            {
                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }

            try
            {
                if (!result.Buffer.IsEmpty)
                {
                    take(state, result.Buffer);
                }
            }
            finally
            {
                // Or the server could not read the rest of the body, and would break the connection before the client has seen why.
                reader.AdvanceTo(result.Buffer.End);
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>The whole of a body that is small by its nature; null when it is larger than the bound.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    /// <exception cref="BadHttpRequestException">It has sent nothing for too long.</exception>
    public async Task<byte[]?> ReadAsync(HttpContext context, int maxBytes)
    {
        if (context.Request.ContentLength > maxBytes)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        var isTooLarge = false;
        await CopyAsync(context, 0, (_, bytes) =>
        {
            isTooLarge |= buffer.WrittenCount + bytes.Length > maxBytes;
            foreach (var piece in bytes)
            {
                if (!isTooLarge)
                {
                    buffer.Write(piece.Span);
                }
            }
        }, CancellationToken.None);
        return isTooLarge ? null : buffer.WrittenSpan.ToArray();
    }

    private async Task<ReadResult> ReadAsync(HttpContext context, PipeReader reader, CancellationToken interruption, CancellationToken idle)
    {
        try
        {
            return await reader.ReadAsync(idle);
        }
        catch (OperationCanceledException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // What is left of the body is not waited for.
            context.Response.Headers.Connection = "close";
            interruption.ThrowIfCancellationRequested();
            throw new BadHttpRequestException(
                $"The client has sent nothing for {readTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", StatusCodes.Status408RequestTimeout, e);
        }
    }
}
