using System.Text;
using Microsoft.AspNetCore.Http;

namespace Registry.Testing.Authentication;

/// <summary>The Basic scheme of RFC 7617.</summary>
internal static class BasicCredentials
{
    public static bool Match(HttpRequest request, string user, string password)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return string.Equals(request.Headers.Authorization, expected, StringComparison.Ordinal);
    }
}
