using System.Diagnostics.CodeAnalysis;

namespace Registry.Aot.Configuration.Values;

/// <summary>URLs of the configuration: absolute, of a few schemes, without a user, a query or a fragment.</summary>
internal static class UrlText
{
    /// <summary>Says what is wrong with a URL, never showing it, since a user and a password may stand in it; null: nothing is.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="schemes">The schemes that are allowed, at least one.</param>
    /// <param name="credentialKeys">The keys that a user and a password belong under; null: there are none.</param>
    public static string? FindProblem(string text, ReadOnlySpan<string> schemes, string? credentialKeys = null)
    {
        var expected = $"expected a URL such as {schemes[0]}://host";
        if (!TryParse(text, out var url) || url.Host.Length == 0 || text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('\\', StringComparison.Ordinal))
        {
            return $"this is not an absolute URL; {expected}";
        }

        if (!schemes.Contains(url.Scheme))
        {
            return $"the URL's scheme is not one of {string.Join(", ", schemes)}; {expected}";
        }

        if (url.UserInfo.Length > 0 || url.Authority.Contains('@', StringComparison.Ordinal))
        {
            return $"the URL holds a user or a password; {expected}{(credentialKeys is null ? "" : $", and the keys {credentialKeys} beside it")}";
        }

        return url.Query.Length > 0 || url.Fragment.Length > 0 || text.AsSpan().ContainsAny('?', '#')
            ? $"the URL has a query or a fragment; {expected}"
            : null;
    }

    /// <summary>Parses an absolute URL.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && text.Contains("://", StringComparison.Ordinal);
}
