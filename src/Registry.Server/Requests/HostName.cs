using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Registry.Server.Requests;

/// <summary>A host of a URL with its port, parsed: what is none is never reflected. Immutable.</summary>
/// <param name="Name">A DNS name, an IPv4 address, or an IPv6 address in brackets.</param>
/// <param name="Port">1 to 65535; null: the scheme's.</param>
internal sealed record HostName(string Name, int? Port)
{
    /// <summary>Longest name of DNS.</summary>
    private const int MaxLength = 255;

    /// <summary>Parses <c>host[:port]</c> (RFC 9110, 7.2); null: it is none.</summary>
    public static HostName? Parse(ReadOnlySpan<char> text)
    {
        var bracket = text.LastIndexOf(']');
        var colon = text.LastIndexOf(':');
        int? port = null;
        if (colon > bracket)
        {
            if (!ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            {
                return null;
            }

            port = number;
            text = text[..colon];
        }

        return IsName(text) || IsBracketed(text) ? new HostName(text.ToString(), port) : null;
    }

    /// <summary><c>host[:port]</c>.</summary>
    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{port}") : Name;

    private static bool IsBracketed(ReadOnlySpan<char> text) =>
        text is ['[', .. var inner, ']'] && !inner.Contains('%') && IPAddress.TryParse(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength || text[0] is '.' or '-')
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
            {
                return false;
            }
        }

        return !text.Contains("..", StringComparison.Ordinal);
    }
}
