using System.Buffers.Binary;
using System.Net;

namespace Registry.Server.Access;

/// <summary>What of a client's address stays the same: all of an IPv4 address, the first 64 bits of an IPv6 one. Immutable.</summary>
internal readonly record struct ClientNetwork
{
    private readonly ulong _bits;
    private readonly bool _isV6;

    private ClientNetwork(ulong bits, bool isV6)
    {
        _bits = bits;
        _isV6 = isV6;
    }

    /// <summary>The network of an address; of a client without one, a network of its own. Allocates nothing.</summary>
    public static ClientNetwork Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? new ClientNetwork(1UL << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes), isV6: false)
            : new ClientNetwork(BinaryPrimitives.ReadUInt64BigEndian(bytes), isV6: true);
    }

    /// <summary>The address, or <c>2001:db8::/64</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (_isV6)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, _bits);
            return $"{new IPAddress(bytes)}/64";
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_bits);
        return new IPAddress(bytes[..4]).ToString();
    }
}
