using System.IO.Compression;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Registry.Testing.Faults;
using Registry.Testing.Images;
using Registry.Testing.Pacing;
using Registry.Testing.Requests;

namespace Registry.Testing.Serving;

/// <summary>Sends one answer at the pace in force and with the faults that the script has for it.</summary>
internal sealed class ResponseWriter(
    HttpContext context, UpstreamResponse response, FaultEffects effects, UpstreamPace pace, UpstreamRequest request, RequestLog log)
{
    private const long LargestCompressed = 64 << 20;

    private BlobContent? _content = response.Content;
    private long _offset = response.Offset;
    private long _length = response.Length;

    public async Task WriteAsync()
    {
        if (effects.Gzip)
        {
            Compress();
        }

        await SendHeadersAsync();
        if (!HttpMethods.IsHead(context.Request.Method) && _content is not null)
        {
            await SendBodyAsync(_content);
        }
    }

    private async Task SendHeadersAsync()
    {
        var target = context.Response;
        target.StatusCode = response.Status;
        foreach (var (name, value) in response.Headers)
        {
            target.Headers[name] = value;
        }

        target.ContentLength = effects.ClaimedLength ?? _length;
        foreach (var (name, value) in effects.Headers)
        {
            target.Headers[name] = value;
        }

        request.Answered(response.Status);
        log.Changed();
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await target.Body.FlushAsync(context.RequestAborted);
        }
    }

    private async Task SendBodyAsync(BlobContent content)
    {
        var wanted = Math.Min(_length, effects.ClaimedLength ?? long.MaxValue);
        var sent = 0L;
        while (true)
        {
            if (effects.InBody is { } gate && sent >= effects.StallAfter)
            {
                await gate.PassAsync(context.RequestAborted);
            }

            if (effects.Cut != Cut.None && sent >= effects.CutAfter)
            {
                await BreakAsync();
                return;
            }

            if (sent >= wanted)
            {
                return;
            }

            sent += await SendPieceAsync(content, sent, PieceEnd(sent, wanted));
        }
    }

    // A piece never reaches beyond the next point where something is to happen.
    private long PieceEnd(long sent, long wanted)
    {
        var end = Math.Min(wanted, sent + pace.PieceSize());
        if (effects.InBody is not null && effects.StallAfter > sent)
        {
            end = Math.Min(end, effects.StallAfter);
        }

        if (effects.Cut != Cut.None && effects.CutAfter > sent)
        {
            end = Math.Min(end, effects.CutAfter);
        }

        return end;
    }

    private async Task<int> SendPieceAsync(BlobContent content, long sent, long end)
    {
        var size = (int)(end - sent);
        var position = _offset + sent;
        await pace.BeforePieceAsync(context.Connection.Id, size, context.RequestAborted);
        var memory = context.Response.BodyWriter.GetMemory(size)[..size];
        content.Read(position, memory.Span);
        foreach (var at in effects.CorruptAt)
        {
            if (at >= position && at < position + size)
            {
                memory.Span[(int)(at - position)] ^= 0xFF;
            }
        }

        // Counted before they leave: a client that has read bytes must find them in the log.
        request.Sent(size);
        context.Response.BodyWriter.Advance(size);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        log.Changed();
        return size;
    }

    private async Task BreakAsync()
    {
        if (effects.Cut == Cut.Close)
        {
            // Kestrel's own abort is a reset, which could overtake the last bytes; so it waits until the client has seen the end and left.
            context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Send);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.Abort();
    }

    private void Compress()
    {
        if (_content is null || _length > LargestCompressed)
        {
            throw new NotSupportedException("Only bodies up to 64 MiB are compressed.");
        }

        var plain = new byte[_length];
        _content.Read(_offset, plain);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        _content = new MemoryContent(compressed.ToArray());
        _offset = 0;
        _length = compressed.Length;
        context.Response.Headers.ContentEncoding = "gzip";
    }
}
