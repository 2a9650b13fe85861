using System.Diagnostics;
using System.Net.Sockets;
using Registry.Load.Measures;
using Registry.Load.Servers;

namespace Registry.Load.Clients;

/// <summary>Many readers of the same thing over plain HTTP, none faster than its pace. Disposal closes their connections.</summary>
/// <param name="server">Of which server.</param>
/// <param name="request">What each asks, once.</param>
/// <param name="count">How many.</param>
/// <param name="bytesPerSecond">The pace of each.</param>
internal sealed class PacedReaders(Server server, byte[] request, int count, int bytesPerSecond) : IDisposable
{
    /// <summary>Bytes in a slow reader's socket buffer; the kernel doubles it.</summary>
    private const int ReceiveBuffer = 32 * 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly HttpConnection[] _connections = [.. Enumerable.Range(0, count).Select(_ => new HttpConnection(server.Url, certificate: null, ReceiveBuffer))];
    private readonly long[] _left = new long[count];
    private long _received;

    /// <summary>From the request to the head of the answer.</summary>
    public Latencies FirstBytes { get; } = new();

    /// <summary>Bytes that all have read.</summary>
    public long Received => _received;

    /// <summary>Readers whose connection broke.</summary>
    public int CutOff { get; private set; }

    /// <summary>Asks, all at once, and reads for so long.</summary>
    public async Task ReadAsync(TimeSpan during, CancellationToken cancellation)
    {
        var asking = Enumerable.Range(0, count).Select(reader => AskAsync(reader, cancellation)).ToArray();
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Tick);
        var before = TimeSpan.Zero;
        while (before < during && await timer.WaitForNextTickAsync(cancellation))
        {
            var now = Stopwatch.GetElapsedTime(started);
            var most = (long)(bytesPerSecond * (now - before).TotalSeconds);
            before = now;
            for (var reader = 0; reader < count; reader++)
            {
                if (asking[reader].IsCompletedSuccessfully && _left[reader] > 0)
                {
                    Take(reader, most);
                }
            }
        }

        foreach (var connection in _connections)
        {
            connection.Close();
        }

        await Task.WhenAll(asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CutOff += asking.Count(static task => !task.IsCompletedSuccessfully);
    }

    public void Dispose() => Array.ForEach(_connections, static connection => connection.Dispose());

    private async Task AskAsync(int reader, CancellationToken cancellation)
    {
        var asked = Stopwatch.GetTimestamp();
        await _connections[reader].SendAsync(request, cancellation);
        var (head, left) = await _connections[reader].ReceiveHeadAsync(withoutBody: false, cancellation);
        FirstBytes.Record(Stopwatch.GetElapsedTime(asked));
        _left[reader] = head.Status == 200 ? left : throw new IOException($"status {head.Status}");
    }

    private void Take(int reader, long most)
    {
        try
        {
            var taken = Discarding.Take(_connections[reader].Socket, Math.Min(most, _left[reader]));
            if (taken == 0)
            {
                throw new IOException("the connection ended early");
            }

            _received += Math.Max(taken, 0);
            _left[reader] -= Math.Max(taken, 0);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            _left[reader] = 0;
            CutOff++;
        }
    }
}
