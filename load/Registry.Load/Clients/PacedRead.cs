using System.Diagnostics;
using Registry.Load.Measures;

namespace Registry.Load.Clients;

/// <summary>One reader that keeps to a pace, over plain HTTP.</summary>
internal static class PacedRead
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads an answer to its end, at most so many bytes a second.</summary>
    public static async ValueTask<ResponseHead> RunAsync(
        HttpConnection connection, byte[] request, int bytesPerSecond, Throughput received, CancellationToken cancellation)
    {
        await connection.SendAsync(request, cancellation);
        var started = Stopwatch.GetTimestamp();
        var (head, left) = await connection.ReceiveHeadAsync(withoutBody: false, cancellation);
        while (left > 0)
        {
            await Task.Delay(Tick, cancellation);
            var due = (long)(bytesPerSecond * Stopwatch.GetElapsedTime(started).TotalSeconds) - (head.Length - left);
            var taken = due > 0 ? Discarding.Take(connection.Socket, Math.Min(due, left)) : -1;
            if (taken > 0)
            {
                left -= taken;
                received.Add(taken);
            }
            else if (taken == 0)
            {
                throw new IOException($"the connection ended {left} bytes early");
            }
        }

        return head;
    }
}
