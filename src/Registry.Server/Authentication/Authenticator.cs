using System.Net;
using Microsoft.Extensions.Primitives;

namespace Registry.Server.Authentication;

/// <summary>Reads <c>Authorization</c> headers. Thread-safe.</summary>
internal sealed class Authenticator(PasswordAuthenticator passwords, TokenSigner tokens)
{
    private const string Bearer = "Bearer ";

    /// <summary>Checks passwords.</summary>
    public PasswordAuthenticator Passwords => passwords;

    /// <summary>Makes tokens.</summary>
    public TokenSigner Tokens => tokens;

    /// <summary>Says what a header is worth. Allocates nothing for a token, or a password whose answer is remembered.</summary>
    /// <param name="header">All its values: more than one is no proof, since servers in between may have read another.</param>
    /// <param name="address">Where the request comes from.</param>
    public async ValueTask<Identification> IdentifyAsync(StringValues header, IPAddress? address)
    {
        if (header.Count != 1)
        {
            return new Identification(header.Count == 0 ? Proof.None : Proof.WrongPassword, null);
        }

        if (header[0].AsSpan().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return tokens.TryRead(header[0].AsSpan(Bearer.Length).Trim(' '), passwords.Users, out var user)
                ? new Identification(Proof.Token, user?.Name)
                : new Identification(Proof.WrongToken, null);
        }

        return Judge(await CheckAsync(header[0], address));
    }

    /// <summary>Says what a verdict makes of who was asked about.</summary>
    public static Identification Judge(PasswordVerdict verdict) =>
        verdict.IsHeldBack ? new Identification(Proof.HeldBack, null, verdict.RetryAfter)
        : verdict.User is { } user ? new Identification(Proof.Password, user)
        : new Identification(Proof.WrongPassword, null);

    private ValueTask<PasswordVerdict> CheckAsync(ReadOnlySpan<char> header, IPAddress? address)
    {
        Span<byte> buffer = stackalloc byte[BasicCredentials.MaxBytes];
        return BasicCredentials.TryDecode(header, buffer, out var length)
            ? passwords.CheckAsync(buffer[..length], address)
            : new ValueTask<PasswordVerdict>(PasswordVerdict.Wrong);
    }
}
