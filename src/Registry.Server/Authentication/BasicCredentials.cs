using System.Text;

namespace Registry.Server.Authentication;

/// <summary>The <c>Authorization: Basic</c> header (RFC 7617).</summary>
internal static class BasicCredentials
{
    /// <summary>Longest <c>user:password</c>, in bytes: clients send tokens of other registries, of some thousand bytes, in a password's place.</summary>
    public const int MaxBytes = 8192;

    private const string Scheme = "Basic ";

    /// <summary>Decodes a header into a buffer of <see cref="MaxBytes"/>; allocates nothing.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="length">How many there are.</param>
    /// <returns>Whether it is such a header and holds a colon.</returns>
    public static bool TryDecode(ReadOnlySpan<char> header, Span<byte> buffer, out int length)
    {
        length = 0;
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && Convert.TryFromBase64Chars(header[Scheme.Length..].Trim(' '), buffer, out length)
            && buffer[..length].Contains((byte)':');
    }

    /// <summary>Parts <c>user:password</c> at the first colon; false when either is no UTF-8 or holds a zero, which bcrypt takes for the password's end.</summary>
    public static bool TryPart(ReadOnlySpan<byte> credentials, out string user, out string password)
    {
        user = password = "";
        var colon = credentials.IndexOf((byte)':');
        if (colon < 0 || credentials.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(credentials))
        {
            return false;
        }

        user = Encoding.UTF8.GetString(credentials[..colon]);
        password = Encoding.UTF8.GetString(credentials[(colon + 1)..]);
        return true;
    }
}
