using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Registry.Server.Authentication;

/// <summary>
/// What is remembered of a user name and a password instead of them: a hash under a key that ends with the process. Immutable.
/// </summary>
internal readonly record struct CredentialKey
{
    private readonly UInt128 _first;
    private readonly UInt128 _second;

    private CredentialKey(UInt128 first, UInt128 second)
    {
        _first = first;
        _second = second;
    }

    /// <summary>The key of credentials. Allocates nothing.</summary>
    /// <param name="secret">The key of this process.</param>
    /// <param name="credentials"><c>user:password</c>, UTF-8.</param>
    public static CredentialKey Of(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> credentials)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, credentials, hash);
        return new CredentialKey(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
    }
}
