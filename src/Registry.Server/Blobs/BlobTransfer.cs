using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Registry.Mirror.Blobs;
using Registry.Server.Requests;
using Registry.Server.Transport;

namespace Registry.Server.Blobs;

/// <summary>One blob on its way to one client: from the file where the connection takes files, else copied. Belongs to the request; not thread-safe.</summary>
internal sealed class BlobTransfer : IDisposable
{
    /// <summary>Bytes read and written at once where they are copied: with smaller pieces the calls cost more than the copying.</summary>
    private const int PieceSize = 64 << 10;

    /// <summary>Less than this is copied, and gathered up to this, so that it goes out with the headers or the parts beside it: one call, full packets.</summary>
    private const int GatherSize = 16 << 10;

    /// <summary>Bytes of a file sent at once. They take no memory, and each turn through Kestrel costs as much as some hundred kilobytes of them.</summary>
    private const int RunSize = 4 << 20;

    /// <summary>
    /// How long the headers wait for the first byte, so that what fails at once is still an error with a status. Clients give up without headers, but not without bytes.
    /// </summary>
    private static readonly TimeSpan HeadersAlone = TimeSpan.FromSeconds(1);

    private readonly HttpContext _context;
    private readonly BlobContent _content;
    private readonly TimeProvider _time;
    private readonly TimeSpan _writeTimeout;
    private readonly PipeWriter _body;
    private readonly FileOutput? _files;
    private readonly RequestRecord _record;
    private readonly CancellationTokenSource _idle;
    private readonly CancellationTokenRegistration _aborted;
    private int _gathered;

    public BlobTransfer(HttpContext context, BlobContent content, TimeProvider time, TimeSpan writeTimeout)
    {
        _context = context;
        _content = content;
        _time = time;
        _writeTimeout = writeTimeout;
        _body = context.Response.BodyWriter;
        _files = FileOutput.Of(context);
        _record = context.Record();
        _idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _aborted = context.RequestAborted.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _idle);
    }

    /// <summary>Sends a range, behind a head that waits for its first byte.</summary>
    public async Task SendAsync(long first, long? end, bool isClosed, ReadOnlyMemory<byte> head = default)
    {
        var position = first;
        while (end is null || position < end)
        {
            var available = _content.IsUnstored ? 0 : await WaitAsync(position, isClosed);
            if (available == 0 && !_content.IsUnstored)
            {
                return;
            }

            Write(head.Span);
            head = default;
            var wanted = (end ?? long.MaxValue) - position;
            var run = Math.Min(available, wanted);
            position += _files is not null && run >= GatherSize
                ? await SendFileAsync(position, (int)Math.Min(run, RunSize))
                : await CopyAsync(position, (int)Math.Min(_content.IsUnstored ? wanted : run, PieceSize), isClosed);
        }
    }

    /// <summary>Adds bytes that are at hand; they go with the next ones, at the latest at the end.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _body.Write(bytes);
        _gathered += bytes.Length;
        _record.BytesSent += bytes.Length;
    }

    /// <summary>Sends what has been gathered.</summary>
    public async ValueTask FlushAsync()
    {
        if (_gathered > 0 || !_context.Response.HasStarted)
        {
            _gathered = 0;
            _idle.CancelAfter(_writeTimeout);
            await _body.FlushAsync(_idle.Token);
            _idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aborted.Dispose();
        _idle.Dispose();
    }

    private async ValueTask<int> SendFileAsync(long position, int count)
    {
        if (!_context.Response.HasStarted)
        {
            await _context.Response.StartAsync(_context.RequestAborted);
        }

        var before = _files!.FileBytesSent;
        try
        {
            await _files.SendFileAsync(_body, _content.File!, position, count, _context.RequestAborted);
        }
        finally
        {
            _record.BytesSent += _files.FileBytesSent - before;
        }

        _gathered = 0;
        return count;
    }

    private async ValueTask<int> CopyAsync(long position, int count, bool isClosed)
    {
        var piece = _body.GetMemory(count)[..count];
        var read = _content.IsUnstored
            ? await _content.ReadAsync(position, piece, isClosed, _context.RequestAborted)
            : RandomAccess.Read(_content.File!, piece.Span, position);
        if (read == 0)
        {
            throw new EndOfStreamException("The blob is shorter than it was.");
        }

        _body.Advance(read);
        _gathered += read;
        _record.BytesSent += read;
        if (_gathered >= GatherSize || _content.IsUnstored)
        {
            await FlushAsync();
        }

        return read;
    }

    private async ValueTask<long> WaitAsync(long position, bool isClosed)
    {
        var available = _content.WaitAsync(position, isClosed, _context.RequestAborted);
        if (available.IsCompleted)
        {
            return await available;
        }

        if (_gathered > 0)
        {
            await FlushAsync();
        }

        return _context.Response.HasStarted ? await available : await WaitForFirstAsync(available.AsTask());
    }

    private async Task<long> WaitForFirstAsync(Task<long> available)
    {
        try
        {
            return await available.WaitAsync(HeadersAlone, _time, _context.RequestAborted);
        }
        catch (TimeoutException)
        {
            await FlushAsync();
            return await available;
        }
    }
}
