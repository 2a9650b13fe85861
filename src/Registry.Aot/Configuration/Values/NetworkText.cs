using System.Net;
using System.Net.Sockets;

namespace Registry.Aot.Configuration.Values;

/// <summary>Networks: <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>, or one address.</summary>
internal static class NetworkText
{
    /// <summary>Parses a network; one address is the network of it alone. Bits behind the prefix are dropped, as firewalls do.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (slash >= 0 && (!byte.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var written) || (length = written) > bits))
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bits; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        network = new IPNetwork(new IPAddress(bytes), length);
        return true;
    }

    /// <summary>Parses what was found to be a network.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IPNetwork Parse(string text) => TryParse(text, out var network) ? network : throw new FormatException("A network was expected.");
}
