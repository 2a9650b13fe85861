using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Registry.Server.Listeners;

/// <summary>What limits count a client by: its IPv4 address, or the /64 of its IPv6 one, which is what one customer has.</summary>
internal static class ClientKey
{
    /// <summary>The key of an address. The two kinds do not meet: ::/64 is nobody's network.</summary>
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes) + UInt128.One
            : BinaryPrimitives.ReadUInt128BigEndian(bytes) >> 64 << 64;
    }
}
