using System.Net;
using System.Net.Sockets;

namespace Registry.Mirror.Upstreams;

/// <summary>Classifies addresses and says which may lead to which. Pure.</summary>
internal static class AddressClasses
{
    private static readonly (IPNetwork Network, AddressClass Class)[] V4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), AddressClass.Unusable),
        (IPNetwork.Parse("10.0.0.0/8"), AddressClass.Private),
        (IPNetwork.Parse("100.64.0.0/10"), AddressClass.Private),
        (IPNetwork.Parse("127.0.0.0/8"), AddressClass.Loopback),
        (IPNetwork.Parse("169.254.0.0/16"), AddressClass.LinkLocal),
        (IPNetwork.Parse("172.16.0.0/12"), AddressClass.Private),
        (IPNetwork.Parse("192.0.0.0/24"), AddressClass.Private),
        (IPNetwork.Parse("192.168.0.0/16"), AddressClass.Private),
        (IPNetwork.Parse("198.18.0.0/15"), AddressClass.Private),
        (IPNetwork.Parse("224.0.0.0/3"), AddressClass.Unusable),
    ];

    private static readonly (IPNetwork Network, AddressClass Class)[] V6 =
    [
        (IPNetwork.Parse("::/128"), AddressClass.Unusable),
        (IPNetwork.Parse("::1/128"), AddressClass.Loopback),
        (IPNetwork.Parse("fc00::/7"), AddressClass.Private),
        (IPNetwork.Parse("fe80::/10"), AddressClass.LinkLocal),
        (IPNetwork.Parse("fec0::/10"), AddressClass.Private),
        (IPNetwork.Parse("ff00::/8"), AddressClass.Unusable),
    ];

    // IPv6 forms that carry an IPv4 address, and where in them it stands: compatible, NAT64, 6to4. Mapped ones are taken care of by IPAddress.
    private static readonly (IPNetwork Network, int Offset)[] Embedding =
    [
        (IPNetwork.Parse("::/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>The class of an address; an IPv6 address that carries an IPv4 address has that one's.</summary>
    public static AddressClass Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Of(address.MapToIPv4());
        }

        var known = address.AddressFamily == AddressFamily.InterNetwork ? V4 : V6;
        foreach (var (network, found) in known)
        {
            if (network.Contains(address))
            {
                return found;
            }
        }

        foreach (var (network, offset) in Embedding)
        {
            if (network.Contains(address))
            {
                return Of(new IPAddress(address.GetAddressBytes().AsSpan(offset, 4)));
            }
        }

        return AddressClass.Public;
    }

    /// <summary>The class of a host that says so by itself: an IP address or a name of this machine (RFC 6761, 6.3). Null: its name must be resolved.</summary>
    public static AddressClass? OfHost(Uri uri)
    {
        var host = uri.IdnHost.TrimEnd('.');
        return IPAddress.TryParse(host, out var address) ? Of(address)
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? AddressClass.Loopback
            : null;
    }

    /// <summary>Whether an endpoint of the one class may send us to a host of the other. A class not known yet counts as public.</summary>
    public static bool MayLead(AddressClass? from, AddressClass to) => to switch
    {
        AddressClass.Public => true,
        AddressClass.Private or AddressClass.Loopback => from is AddressClass.Private or AddressClass.Loopback or AddressClass.LinkLocal,
        AddressClass.LinkLocal => from is AddressClass.LinkLocal,
        _ => false,
    };
}
