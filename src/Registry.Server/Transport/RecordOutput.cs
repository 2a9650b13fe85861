using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Registry.Server.Transport;

/// <summary>
/// Where an encrypted connection's records go, in place of Kestrel's pipe: straight to the socket. The records of one piece can be held and sent by one call, so that a full
/// socket costs one wake-up and not one for each record. One writer at a time, which <see cref="System.Net.Security.SslStream"/> sees to.
/// </summary>
internal sealed class RecordOutput(Socket socket) : PipeWriter
{
    /// <summary>What a handshake or a small answer needs. Every flush gives it back.</summary>
    private const int SmallBuffer = 4096;

    /// <summary>What holds the records of one <see cref="TlsOutput.Piece"/>.</summary>
    private const int PieceBuffer = 32 << 10;

    private byte[] _buffer = [];
    private int _count;
    private bool _isHeld;

    /// <summary>From here on flushes send nothing, until <see cref="ReleaseAsync"/>.</summary>
    public void Hold() => _isHeld = true;

    /// <summary>Sends what was held.</summary>
    /// <exception cref="IOException">The client is gone.</exception>
    public ValueTask ReleaseAsync(CancellationToken cancellation)
    {
        _isHeld = false;
        return SendBufferAsync(cancellation);
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _count + Math.Max(sizeHint, 1);
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _isHeld ? PieceBuffer : Math.Max(SmallBuffer, 2 * _buffer.Length)));
            _buffer.AsSpan(0, _count).CopyTo(larger);
            Return();
            _buffer = larger;
        }

        return _buffer.AsMemory(_count);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes) => _count += bytes;

    /// <inheritdoc/>
    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_isHeld)
        {
            source.CopyTo(GetMemory(source.Length));
            Advance(source.Length);
        }
        else
        {
            await SendBufferAsync(cancellationToken);
            await SendAsync(source, cancellationToken);
        }

        return default;
    }

    /// <inheritdoc/>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (!_isHeld)
        {
            await SendBufferAsync(cancellationToken);
        }

        return default;
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        // Nobody waits here who could be told: an aborted connection closes its socket.
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => Empty();

    private async ValueTask SendBufferAsync(CancellationToken cancellation)
    {
        if (_count == 0)
        {
            return;
        }

        try
        {
            await SendAsync(_buffer.AsMemory(0, _count), cancellation);
        }
        finally
        {
            Empty();
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellation)..];
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new ConnectionResetException("The client is gone.", e);
        }
    }

    private void Empty()
    {
        Return();
        _buffer = [];
        _count = 0;
    }

    private void Return()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
