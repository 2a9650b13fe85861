using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Registry.Server.Requests;

/// <summary>
/// Looks through the proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are believed (<c>http.trustedproxies</c>): the client is the last
/// address, from the server outwards, that is none of theirs. Immutable.
/// </summary>
internal sealed class TrustedProxies(IReadOnlyList<IPNetwork> networks)
{
    /// <summary>Most addresses that are looked through: more proxies than anybody has in a row.</summary>
    private const int MaxHops = 32;

    /// <summary>Where a request comes from.</summary>
    public ClientOrigin OriginOf(HttpContext context)
    {
        var request = context.Request;
        var peer = Unmapped(context.Connection.RemoteIpAddress);
        if (!IsTrusted(peer))
        {
            return new ClientOrigin(peer, request.Scheme, HostName.Parse(request.Host.Value));
        }

        var (address, isTrusted) = FindClient(peer, request.Headers["X-Forwarded-For"]);
        var scheme = Last(request.Headers["X-Forwarded-Proto"]);
        return new ClientOrigin(
            address,
            scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https" : scheme.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http" : request.Scheme,
            HostName.Parse(Last(request.Headers["X-Forwarded-Host"])) ?? HostName.Parse(request.Host.Value))
        {
            IsTrustedProxy = isTrusted,
        };
    }

    /// <summary>Whether an address is a trusted proxy's. Over a Unix socket there is none: what speaks there is on this machine, as loopback is.</summary>
    public bool IsTrusted(IPAddress? address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address ?? IPAddress.Loopback))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An IPv4 address that came in IPv6's form, in its own.</summary>
    public static IPAddress? Unmapped(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    // Whatever stands to the left of the first stranger, the stranger may have made up; what does not parse ends the way, too.
    private (IPAddress? Address, bool IsTrusted) FindClient(IPAddress? peer, StringValues forwarded)
    {
        var address = peer;
        var hops = 0;
        for (var i = forwarded.Count - 1; i >= 0; i--)
        {
            var rest = forwarded[i].AsSpan();
            while (!rest.IsEmpty && hops++ < MaxHops)
            {
                var comma = rest.LastIndexOf(',');
                if (ParseAddress(rest[(comma + 1)..].Trim()) is not { } hop)
                {
                    return (address, true);
                }

                address = hop;
                if (!IsTrusted(address))
                {
                    return (address, false);
                }

                rest = comma < 0 ? default : rest[..comma];
            }
        }

        return (address, true);
    }

    // Some proxies add the port.
    private static IPAddress? ParseAddress(ReadOnlySpan<char> text) =>
        text.Contains('%') ? null
        : IPAddress.TryParse(text.Trim("[]"), out var address) ? Unmapped(address)
        : IPEndPoint.TryParse(text, out var endpoint) ? Unmapped(endpoint.Address)
        : null;

    private static ReadOnlySpan<char> Last(StringValues values)
    {
        var text = values.Count == 0 ? default : values[^1].AsSpan();
        return text[(text.LastIndexOf(',') + 1)..].Trim();
    }
}
