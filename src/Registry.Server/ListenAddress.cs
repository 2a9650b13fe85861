using System.Globalization;
using System.Net;

namespace Registry.Server;

/// <summary>Reads the address to listen on, in the form of Go's <c>net.Listen</c> as distribution's configurations have it.</summary>
public static class ListenAddress
{
    /// <summary><c>HOST:PORT</c> with an IP address or <c>localhost</c>, or <c>:PORT</c> for every address, which is given as <see cref="IPAddress.Any"/>.</summary>
    /// <exception cref="FormatException">It is no such address.</exception>
    public static IPEndPoint Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new FormatException($"'{text}' is no address to listen on; HOST:PORT or :PORT was expected.");
        }

        var host = text[..colon];
        if (host.Length == 0)
        {
            return new IPEndPoint(IPAddress.Any, port);
        }

        var address = host == "localhost" ? IPAddress.Loopback : null;
        return address is not null || IPAddress.TryParse(host.Trim('[', ']'), out address)
            ? new IPEndPoint(address, port)
            : throw new FormatException($"'{host}' is no IP address; to listen on every address, write :{port}.");
    }
}
