using System.Buffers;

namespace Registry.Server.Listeners;

/// <summary>The path at which an ACME authority asks for a token (RFC 8555, 8.3).</summary>
internal static class ChallengePath
{
    /// <summary>What comes before the token.</summary>
    public const string Prefix = "/.well-known/acme-challenge/";

    /// <summary>Authorities make tokens of some 43 characters.</summary>
    private const int MaxLength = 128;

    private static readonly SearchValues<char> Base64Url = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether a token has the characters that one may have: with them it cannot lead out of a directory.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxLength && !text.ContainsAnyExcept(Base64Url);

    /// <summary>Whether a path is below that of challenges.</summary>
    /// <param name="path">The decoded path.</param>
    /// <param name="token">The token; null: what stands there is none.</param>
    public static bool Contains(string? path, out string? token)
    {
        token = null;
        if (path is null || !path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        token = IsToken(path.AsSpan(Prefix.Length)) ? path[Prefix.Length..] : null;
        return true;
    }
}
