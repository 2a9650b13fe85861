using System.Collections.Concurrent;

namespace Registry.Server.Transport;

/// <summary>
/// Goes on with what full sockets did not take, when they take more. A wake-up costs one call of epoll and one of sendfile: the runtime's own way costs two threads and a
/// copied block besides, which at full speed is more than all the rest. Thread-safe.
/// </summary>
/// <remarks>There is one in the process, and it ends with it. Any of its threads takes any socket, so that one that waits for the disk does not hold up the others.</remarks>
internal sealed class SendLoop
{
    /// <summary>Most sockets taken from the kernel at once.</summary>
    private const int Batch = 32;

    private static readonly Lazy<SendLoop> Instance = new(static () => new SendLoop());

    private readonly Epoll _epoll = new();
    private readonly ConcurrentDictionary<long, SocketSend> _sends = new();
    private long _lastId;

    private SendLoop()
    {
        for (var i = 0; i < Threads; i++)
        {
            new Thread(Run, maxStackSize: 256 << 10) { IsBackground = true, Name = "registry send" }.Start();
        }
    }

    /// <summary>The one of this process, started at its first use.</summary>
    public static SendLoop Shared => Instance.Value;

    /// <summary>One for each core, and never fewer than two.</summary>
    private static int Threads => Math.Max(2, Environment.ProcessorCount);

    /// <summary>Takes note of a socket that will wait here.</summary>
    /// <returns>Its id.</returns>
    public long Add(SocketSend send)
    {
        var id = Interlocked.Increment(ref _lastId);
        _sends[id] = send;
        return id;
    }

    /// <summary>Forgets a socket, which does not wait any more.</summary>
    public void Remove(long id) => _sends.TryRemove(id, out _);

    /// <summary>Calls <see cref="SocketSend.GoOn"/> once when the socket is writable or broken. The caller keeps it from being closed until then.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Arm(SocketSend send, long id, bool isKnown) => _epoll.Arm(send.Socket, id, isKnown);

    private void Run()
    {
        var ids = new long[Batch];
        while (true)
        {
            foreach (var id in ids.AsSpan(0, _epoll.Wait(ids)))
            {
                if (_sends.TryGetValue(id, out var send))
                {
                    send.GoOn();
                }
            }
        }
    }
}
