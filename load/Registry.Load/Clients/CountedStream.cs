using System.Net.Sockets;

namespace Registry.Load.Clients;

/// <summary>A socket's stream that counts what is received. Owns the socket.</summary>
internal sealed class CountedStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>Bytes so far.</summary>
    public long Received { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        Received += count;
        return count;
    }
}
