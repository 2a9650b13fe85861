using System.Net;

namespace Registry.Mirror.Credentials;

/// <summary>
/// Which hosts belong together, by a rule of thumb in place of the public suffix list: the last two labels, or three where the top level has two letters and the
/// second at most three (<c>co.uk</c>). IP addresses and names of one label stand for themselves only. Pure.
/// </summary>
internal static class Site
{
    /// <summary>Whether both hosts are one, or of one site.</summary>
    public static bool AreSame(string one, string other)
    {
        one = one.TrimEnd('.');
        other = other.TrimEnd('.');
        return one.Equals(other, StringComparison.OrdinalIgnoreCase)
            || (Of(one) is { } site && site.Equals(Of(other), StringComparison.OrdinalIgnoreCase));
    }

    private static string? Of(string host)
    {
        if (IPAddress.TryParse(host, out _))
        {
            return null;
        }

        var labels = host.Split('.');
        var length = labels is [.., var second, var top] && top.Length == 2 && second.Length <= 3 ? 3 : 2;
        return labels.Length < length ? null : string.Join('.', labels[^length..]);
    }
}
