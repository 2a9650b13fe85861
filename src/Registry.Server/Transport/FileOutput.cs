using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace Registry.Server.Transport;

/// <summary>
/// What Kestrel writes a connection's answers to, extended by pieces of files: those are counted where they stand among the bytes, but never come into memory here.
/// One writer at a time. Owned by the connection; a feature of it.
/// </summary>
internal abstract class FileOutput(PipeWriter bytes, StallTimer stall) : PipeWriter
{
    private SafeFileHandle? _file;
    private long _offset;
    private int _offered;
    private int _queued;
    private Exception? _failure;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => bytes.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => bytes.UnflushedBytes + _queued;

    /// <summary>Bytes of files that the connection has taken since it began.</summary>
    public long FileBytesSent { get; protected set; }

    /// <summary>Who is to know that the client takes nothing.</summary>
    protected StallTimer Stall => stall;

    /// <summary>
    /// The output that takes files for this answer; null: its bytes have to be written. HTTP/2 and chunked answers put frames of their own between the bytes.
    /// </summary>
    public static FileOutput? Of(HttpContext context) =>
        context.Response.ContentLength is not null && (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
            ? context.Features.Get<FileOutput>()
            : null;

    /// <summary>Sends a piece of a file as the next bytes of an answer's body. The answer must have been started.</summary>
    /// <param name="body">The body that was written to so far.</param>
    /// <param name="file">The file, open until this returns.</param>
    /// <param name="offset">Where the piece begins.</param>
    /// <param name="count">Its length in bytes, above 0.</param>
    /// <param name="cancellation">Breaks the connection.</param>
    /// <exception cref="IOException">The file is shorter or unreadable, or the client is gone: the answer is not whole, and the connection must be broken.</exception>
    /// <exception cref="OperationCanceledException">It was broken.</exception>
    public async ValueTask SendFileAsync(PipeWriter body, SafeFileHandle file, long offset, int count, CancellationToken cancellation)
    {
        _file = file;
        _offset = offset;
        _offered = 0;
        try
        {
            if (body.GetMemory(count).Length != count || _offered != count)
            {
                throw new InvalidOperationException("The body of this answer does not go straight to the connection.");
            }

            body.Advance(count);
            await body.FlushAsync(cancellation);
        }
        finally
        {
            _file = null;
            _queued = 0;
        }

        // Kestrel keeps to itself what a flush throws.
        if (_failure is not null)
        {
            throw new IOException(_failure.Message, _failure);
        }

        cancellation.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_file is null)
        {
            return bytes.GetMemory(sizeHint);
        }

        _offered = sizeHint;
        return FileRegion.Of(sizeHint);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int count)
    {
        if (_file is null)
        {
            bytes.Advance(count);
        }
        else
        {
            _queued = count;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_failure is not null)
        {
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: true));
        }

        return _queued > 0 ? FlushFileAsync(cancellationToken) : FlushBytesAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => bytes.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => bytes.Complete(exception);

    /// <summary>Gives back what the connection held. Nothing is being sent any more.</summary>
    public virtual void Close()
    {
    }

    /// <summary>Sends a piece of a file, and counts it; the bytes before it have been sent.</summary>
    protected abstract ValueTask SendAsync(SafeFileHandle file, long offset, int count, CancellationToken cancellation);

    private ValueTask<FlushResult> FlushBytesAsync(CancellationToken cancellation)
    {
        var flush = bytes.FlushAsync(cancellation);
        return flush.IsCompletedSuccessfully ? flush : WaitAsync(flush);
    }

    private async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> flush)
    {
        stall.Restart();
        try
        {
            return await flush;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _failure = e;
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
        finally
        {
            stall.Stop();
        }
    }

    private async ValueTask<FlushResult> FlushFileAsync(CancellationToken cancellation)
    {
        var (file, offset, count) = (_file!, _offset, _queued);
        _queued = 0;
        try
        {
            var flushed = await FlushBytesAsync(cancellation);
            if (flushed.IsCompleted || flushed.IsCanceled)
            {
                _failure ??= new IOException("The client is gone.");
                return flushed;
            }

            await SendAsync(file, offset, count, cancellation);
            return default;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _failure = e;
            return default;
        }
    }
}
