using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Registry.Server.Requests;

namespace Registry.Server.Listeners;

/// <summary>
/// Leaves one client half of all connections at most, so that it cannot keep everybody else out. Trusted proxies and this machine, which speak for many,
/// are not counted. Thread-safe; holds no more entries than there are connections.
/// </summary>
internal sealed class ConnectionShare(int maxConnections, TrustedProxies proxies)
{
    private readonly int _share = Math.Max(1, maxConnections / 2);
    private readonly Dictionary<UInt128, int> _counts = [];
    private readonly Lock _gate = new();

    /// <summary>Closes connections beyond the share as they come, before anything is read from them.</summary>
    public void Configure(ListenOptions listen) => listen.Use(next => connection => ServeAsync(connection, next));

    /// <summary>Counts one connection more of a client; false: it has its share.</summary>
    public bool TryEnter(UInt128 client)
    {
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(client);
            if (count >= _share)
            {
                return false;
            }

            _counts[client] = count + 1;
            return true;
        }
    }

    /// <summary>Counts one less.</summary>
    public void Leave(UInt128 client)
    {
        lock (_gate)
        {
            var count = _counts[client] - 1;
            if (count == 0)
            {
                _counts.Remove(client);
            }
            else
            {
                _counts[client] = count;
            }
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = TrustedProxies.Unmapped((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (address is null || IPAddress.IsLoopback(address) || proxies.IsTrusted(address))
        {
            await next(connection);
            return;
        }

        var client = ClientKey.Of(address);
        if (!TryEnter(client))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(client);
        }
    }
}
