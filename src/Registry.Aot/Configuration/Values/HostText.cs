using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Registry.Aot.Configuration.Values;

/// <summary>Hosts and addresses: <c>docker.io</c>, <c>reg.example.com:5000</c>, <c>[::1]:5000</c>.</summary>
internal static class HostText
{
    /// <summary>Whether it is a host, or a host and a port, as images are named by.</summary>
    public static bool IsHost(string text) =>
        text.Length is > 0 and <= 255 && (IsName(text) || IsBracketed(text) || (TrySplit(text, out var host, out var port) && host.Length > 0 && port > 0));

    /// <summary>Whether it can be listened on: a port, perhaps after a host.</summary>
    public static bool IsAddress(string text) => TrySplit(text, out _, out _);

    private static bool TrySplit(string text, out string host, out int port)
    {
        var colon = text.LastIndexOf(':');
        host = colon < 0 ? text : text[..colon];
        port = 0;
        return colon >= 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port <= IPEndPoint.MaxPort
            && (host.Length == 0 || IsName(host) || IsBracketed(host));
    }

    private static bool IsBracketed(string text) =>
        text is ['[', .. var inner, ']'] && IPAddress.TryParse(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsName(string text) =>
        text.Length > 0 && text.Split('.').All(label =>
            label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
