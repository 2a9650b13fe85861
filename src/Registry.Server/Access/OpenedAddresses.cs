using System.Net;
using Microsoft.Extensions.Logging;
using Registry.Mirror.Upstreams;
using Registry.Server.Requests;

namespace Registry.Server.Access;

/// <summary>
/// Addresses from which mirrored content may be pulled for a while because somebody has logged in from there (<c>access.loginopensmirror</c>). Thread-safe.
/// </summary>
/// <remarks>
/// Loopback, private and proxies' addresses are never opened: behind a container network's NAT everybody has the same one. Of IPv6 the first 64 bits count, since
/// a machine changes the rest of its address as it likes.
/// </remarks>
internal sealed class OpenedAddresses(TimeProvider time, ILogger logger)
{
    /// <summary>Most addresses, about 1 MB; beyond it the one that closes first goes.</summary>
    public const int MaxOpen = 8192;

    private readonly Lock _gate = new();
    private readonly Dictionary<ClientNetwork, long> _closing = [];
    private long _duration;

    /// <summary>For how long a login opens its address; zero, as at first: not at all, and none is open.</summary>
    public TimeSpan Duration
    {
        get => new(Volatile.Read(ref _duration));
        set => Volatile.Write(ref _duration, value.Ticks);
    }

    /// <summary>Opens the address that a right password or its token came from, if it is one that may be opened.</summary>
    public void Open(ClientOrigin origin, string user)
    {
        var duration = Duration;
        if (duration <= TimeSpan.Zero || origin.IsTrustedProxy || origin.Address is not { } address || !PublicAddress.Is(address))
        {
            return;
        }

        var network = ClientNetwork.Of(address);
        var now = time.GetTimestamp();
        var closes = now + (long)(duration.TotalSeconds * time.TimestampFrequency);
        lock (_gate)
        {
            var isOpen = _closing.TryGetValue(network, out var before) && before > now;
            if (!isOpen && _closing.Count >= MaxOpen)
            {
                _closing.Remove(_closing.MinBy(static pair => pair.Value).Key);
            }

            _closing[network] = closes;
            if (isOpen)
            {
                return;
            }
        }

        AccessEvents.Opened(logger, network.ToString(), user, duration);
    }

    /// <summary>Whether mirrored content may be pulled from an address. Allocates nothing.</summary>
    public bool IsOpen(IPAddress? address)
    {
        if (Duration <= TimeSpan.Zero || address is null)
        {
            return false;
        }

        lock (_gate)
        {
            return _closing.TryGetValue(ClientNetwork.Of(address), out var closes) && closes > time.GetTimestamp();
        }
    }
}
