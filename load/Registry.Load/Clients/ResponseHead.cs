using System.Globalization;
using System.Text;

namespace Registry.Load.Clients;

/// <summary>What a client of this kind must know of a response. Immutable.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Length">Bytes of the body by Content-Length; 0 when there is none.</param>
/// <param name="Location">Where it points to.</param>
/// <param name="Closes">The server closes the connection afterwards.</param>
/// <param name="Chunked">The body has no length that is known before.</param>
internal sealed record ResponseHead(int Status, long Length, string? Location, bool Closes, bool Chunked)
{
    /// <summary>Reads a head, up to and without its empty line.</summary>
    /// <exception cref="IOException">It is no HTTP/1.1.</exception>
    public static ResponseHead Parse(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 "u8) || head.Length < 12)
        {
            throw new IOException("no HTTP/1.1 response");
        }

        var status = int.Parse(head.Slice(9, 3), CultureInfo.InvariantCulture);
        var length = Find(head, "Content-Length"u8);
        var location = Find(head, "Location"u8);
        return new ResponseHead(
            status,
            length.IsEmpty ? 0 : long.Parse(length, CultureInfo.InvariantCulture),
            location.IsEmpty ? null : Encoding.ASCII.GetString(location),
            Find(head, "Connection"u8).SequenceEqual("close"u8),
            Find(head, "Transfer-Encoding"u8).EndsWith("chunked"u8));
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        while (head.IndexOf("\r\n"u8) is >= 0 and var end)
        {
            head = head[(end + 2)..];
            if (head.Length > name.Length && head[name.Length] == ':' && Ascii.EqualsIgnoreCase(head[..name.Length], name))
            {
                var value = head[(name.Length + 1)..];
                var stop = value.IndexOf("\r\n"u8);
                return (stop < 0 ? value : value[..stop]).Trim(" "u8);
            }
        }

        return default;
    }
}
