using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Registry.Server.Requests;

namespace Registry.Server.Listeners;

/// <summary>
/// Bounds the connections (<c>http.limits.connections</c>): all of them, and those of one client to half of that, so that it cannot keep everybody else out. Trusted
/// proxies and this machine, which speak for many, have no share. Thread-safe; holds no more entries than there are connections.
/// </summary>
internal sealed class ConnectionLimits(int most, TrustedProxies proxies)
{
    private readonly Dictionary<UInt128, int> _shares = [];
    private readonly Lock _gate = new();
    private int _most = most;
    private int _open;

    /// <summary>Sets another bound. Connections beyond it stay.</summary>
    public void Resize(int most)
    {
        lock (_gate)
        {
            _most = most;
        }
    }

    /// <summary>Closes connections beyond the bounds as they come, before anything is read from them.</summary>
    public void Configure(ListenOptions listen) => listen.Use(next => connection => ServeAsync(connection, next));

    /// <summary>Counts one connection more; false: there are as many as may be.</summary>
    /// <param name="client">Whose share it counts to; null: nobody's.</param>
    public bool TryEnter(UInt128? client)
    {
        lock (_gate)
        {
            if (_open >= _most)
            {
                return false;
            }

            if (client is { } key)
            {
                var count = _shares.GetValueOrDefault(key);
                if (count >= Math.Max(1, _most / 2))
                {
                    return false;
                }

                _shares[key] = count + 1;
            }

            _open++;
            return true;
        }
    }

    /// <summary>Counts one less.</summary>
    public void Leave(UInt128? client)
    {
        lock (_gate)
        {
            _open--;
            if (client is not { } key)
            {
                return;
            }

            var count = _shares[key] - 1;
            if (count == 0)
            {
                _shares.Remove(key);
            }
            else
            {
                _shares[key] = count;
            }
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var client = ClientOf(connection);
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

    private UInt128? ClientOf(ConnectionContext connection) =>
        TrustedProxies.Unmapped((connection.RemoteEndPoint as IPEndPoint)?.Address) is { } address && !IPAddress.IsLoopback(address) && !proxies.IsTrusted(address)
            ? ClientKey.Of(address)
            : null;
}
