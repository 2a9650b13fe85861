using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Registry.Server.Authentication;

/// <summary>What a token request asks for and shows: Docker's GET, or OAuth2's POST with a form. Immutable.</summary>
internal sealed class TokenRequest
{
    /// <summary>Most scopes: a push that mounts from many repositories has some.</summary>
    private const int MaxScopes = 64;

    private const string FormType = "application/x-www-form-urlencoded";

    private const int MaxFields = 32;
    private const int MaxFieldName = 64;

    // Foreign passwords may be tokens of some thousand bytes.
    private const int MaxFieldValue = BasicCredentials.MaxBytes * 2;

    /// <summary>The scopes, not parsed. None: the request is a login.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary><c>user:password</c> of the form; null: it has none, and the header counts.</summary>
    public byte[]? Credentials { get; private init; }

    /// <summary>Whether it shows something that is never right here: we give no refresh tokens.</summary>
    public bool HasRefreshToken { get; private init; }

    /// <summary>Reads a request; null: it has more than it may, or a body that is not OAuth2's.</summary>
    /// <exception cref="InvalidDataException">The form is above the bounds.</exception>
    public static async Task<TokenRequest?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || string.IsNullOrEmpty(request.ContentType))
        {
            return TryReadScopes(request.Query["scope"], out var asked) ? new TokenRequest { Scopes = asked } : null;
        }

        // Files of a multipart form have bounds of their own, far above these; and a password that is not read must not pass for none.
        if (!request.ContentType.StartsWith(FormType, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // Not by the request itself, which breaks the connection when it is cancelled.
        var reader = new FormPipeReader(request.BodyReader) { ValueCountLimit = MaxFields, KeyLengthLimit = MaxFieldName, ValueLengthLimit = MaxFieldValue };
        var form = new FormCollection(await reader.ReadFormAsync(cancellation));
        if (!TryReadScopes(form["scope"], out var scopes))
        {
            return null;
        }

        var hasPassword = form.ContainsKey("password") || form["grant_type"] == "password";
        return new TokenRequest
        {
            Scopes = scopes,
            Credentials = hasPassword ? Encoding.UTF8.GetBytes($"{form["username"]}:{form["password"]}") : null,
            HasRefreshToken = !hasPassword && (form.ContainsKey("refresh_token") || form["grant_type"] == "refresh_token"),
        };
    }

    // Both are written: scope repeated, and one scope with spaces in it.
    private static bool TryReadScopes(StringValues values, out List<string> scopes)
    {
        scopes = [];
        foreach (var value in values)
        {
            scopes.AddRange((value ?? "").Split(' ', MaxScopes + 1, StringSplitOptions.RemoveEmptyEntries));
            if (scopes.Count > MaxScopes)
            {
                return false;
            }
        }

        return true;
    }
}
