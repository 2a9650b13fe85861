using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Microsoft.Win32.SafeHandles;

namespace Registry.Server.Transport;

/// <summary>
/// One connection's piece of a file on its way to the socket. Belongs to the connection, which sends one piece after the other; between the call and its end it belongs to
/// <see cref="SendLoop"/>.
/// </summary>
/// <remarks>
/// While it waits it holds the socket's handle. Who closes the socket then breaks the connection first and waits for the handle: the wait ends with an error, and the
/// descriptor is never another's.
/// </remarks>
internal sealed class SocketSend(SafeSocketHandle socket, StallTimer stall) : IValueTaskSource<SendFileResult>
{
    private ManualResetValueTaskSourceCore<SendFileResult> _end = new() { RunContinuationsAsynchronously = true };
    private SafeFileHandle? _file;
    private long _offset;
    private long _last;
    private long _id;

    /// <summary>The socket, which does not block.</summary>
    public SafeSocketHandle Socket => socket;

    /// <summary>How far in the file it has come.</summary>
    public long Offset => _offset;

    /// <summary>Sends a piece of a file. <see cref="Offset"/> tells how far it came, also after a failure.</summary>
    /// <returns><see cref="SendFileResult.Sent"/> or <see cref="SendFileResult.Unsupported"/>.</returns>
    /// <exception cref="IOException">The file is shorter or unreadable, or the connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The connection is gone.</exception>
    public ValueTask<SendFileResult> SendAsync(SafeFileHandle file, long offset, long end)
    {
        _offset = offset;
        var result = SendFile.Send(socket, file, ref _offset, end);
        if (result != SendFileResult.Full)
        {
            return new ValueTask<SendFileResult>(result);
        }

        _file = file;
        _last = end;
        _end.Reset();
        stall.Restart();
        var isHeld = false;
        socket.DangerousAddRef(ref isHeld);
        try
        {
            Wait();
        }
        catch
        {
            socket.DangerousRelease();
            throw;
        }

        return new ValueTask<SendFileResult>(this, _end.Version);
    }

    /// <summary>Sends what the socket takes now. Called by <see cref="SendLoop"/> alone.</summary>
    public void GoOn()
    {
        SendFileResult result;
        try
        {
            result = SendFile.Send(socket, _file!, ref _offset, _last);
            if (result == SendFileResult.Full)
            {
                stall.Restart();
                Wait();
                return;
            }
        }
        catch (Exception e)
        {
            End();
            _end.SetException(e);
            return;
        }

        End();
        _end.SetResult(result);
    }

    /// <inheritdoc/>
    public SendFileResult GetResult(short token) => _end.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _end.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _end.OnCompleted(continuation, state, token, flags);

    /// <summary>The connection ends; nothing is being sent.</summary>
    public void Close()
    {
        if (_id != 0)
        {
            SendLoop.Shared.Remove(_id);
        }
    }

    private void Wait()
    {
        var isKnown = _id != 0;
        if (!isKnown)
        {
            _id = SendLoop.Shared.Add(this);
        }

        SendLoop.Shared.Arm(this, _id, isKnown);
    }

    private void End()
    {
        stall.Stop();
        _file = null;
        socket.DangerousRelease();
    }
}
