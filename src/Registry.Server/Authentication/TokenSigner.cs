using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Registry.Server.Authentication;

/// <summary>
/// Makes and believes our own Bearer tokens. A token says who its bearer is until when, and nothing of what that one may do. Thread-safe.
/// </summary>
/// <remarks>
/// The signature covers the hash of the user's password too: a token ends when the password changes or the user is removed. Form: base64url of 8 bytes expiry (seconds of
/// Unix time, big-endian), the name in UTF-8 (empty: anonymous), and 32 bytes HMAC-SHA256.
/// </remarks>
internal sealed class TokenSigner
{
    /// <summary>How long a client is told that its token lives.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>How much longer it lives: some clients use theirs to the last second.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(1);

    private const int ExpirySize = sizeof(long);

    private const int MaxBytes = ExpirySize + UserTable.MaxName + HMACSHA256.HashSizeInBytes;

    private readonly byte[] _key;
    private readonly TimeProvider _time;

    /// <summary>A signer; those with the same secret believe each other's tokens.</summary>
    /// <param name="secret">The secret; null: a random one.</param>
    /// <param name="time">The clock.</param>
    public TokenSigner(string? secret, TimeProvider time)
    {
        _time = time;

        // distribution uses the same secret for other things: what is signed there must not be a token here.
        _key = secret is null ? RandomNumberGenerator.GetBytes(32) : HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "registry bearer token"u8);
    }

    /// <summary>Makes a token.</summary>
    /// <param name="user">Whose; null: an anonymous client's.</param>
    public string Issue(HtpasswdEntry? user)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (_time.GetUtcNow() + Lifetime + Leeway).ToUnixTimeSeconds());
        var end = ExpirySize + Encoding.UTF8.GetBytes(user?.Name ?? "", bytes[ExpirySize..]);
        Sign(bytes[..end], user, bytes[end..]);
        return Base64Url.EncodeToString(bytes[..(end + HMACSHA256.HashSizeInBytes)]);
    }

    /// <summary>Says whose a token is. Allocates nothing.</summary>
    /// <param name="token">The token, as it came.</param>
    /// <param name="users">The users of now.</param>
    /// <param name="user">Whose it is; null: an anonymous client's.</param>
    /// <returns>Whether it is one of ours, not expired, and its user is still there with the same password.</returns>
    public bool TryRead(ReadOnlySpan<char> token, UserTable users, out HtpasswdEntry? user)
    {
        user = null;
        Span<byte> bytes = stackalloc byte[MaxBytes];
        if (token.Length > Base64Url.GetEncodedLength(MaxBytes)
            || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done
            || length < ExpirySize + HMACSHA256.HashSizeInBytes)
        {
            return false;
        }

        var signed = bytes[..(length - HMACSHA256.HashSizeInBytes)];
        var name = signed[ExpirySize..];
        if (!name.IsEmpty)
        {
            Span<char> characters = stackalloc char[UserTable.MaxName];
            user = Encoding.UTF8.TryGetChars(name, characters, out var count) ? users.Find(characters[..count]) : null;
            if (user is null)
            {
                return false;
            }
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(signed, user, expected);
        if (CryptographicOperations.FixedTimeEquals(expected, bytes[signed.Length..length])
            && BinaryPrimitives.ReadInt64BigEndian(signed) > _time.GetUtcNow().ToUnixTimeSeconds())
        {
            return true;
        }

        user = null;
        return false;
    }

    private void Sign(ReadOnlySpan<byte> signed, HtpasswdEntry? user, Span<byte> signature)
    {
        // A zero stands in no name, so name and hash are parted without doubt.
        Span<byte> input = stackalloc byte[MaxBytes + 64];
        input.Clear();
        signed.CopyTo(input);
        var length = signed.Length + 1;
        length += Encoding.ASCII.GetBytes(user?.Hash.Text ?? "", input[length..]);
        HMACSHA256.HashData(_key, input[..length], signature);
    }
}
