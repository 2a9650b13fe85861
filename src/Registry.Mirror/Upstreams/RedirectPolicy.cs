using System.Net;

namespace Registry.Mirror.Upstreams;

/// <summary>Decides on redirects (RFC 9110, 15.4). Pure.</summary>
internal static class RedirectPolicy
{
    /// <summary>Most redirects of one request, as browsers' and Go's clients have it within a factor of two.</summary>
    public const int MostRedirects = 10;

    /// <summary>Whether the status sends a GET or HEAD elsewhere.</summary>
    public static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    /// <summary>Judges one redirect.</summary>
    /// <param name="from">The URL that answered with it.</param>
    /// <param name="location">Its <c>Location</c>, perhaps relative.</param>
    /// <param name="followed">How many were followed before it.</param>
    /// <param name="endpoint">The endpoint's URL: it may always send us to itself.</param>
    /// <param name="endpointClass">The class of the endpoint's address.</param>
    public static RedirectDecision Decide(Uri from, Uri? location, int followed, Uri endpoint, AddressClass? endpointClass)
    {
        if (followed >= MostRedirects)
        {
            return Refuse($"more than {MostRedirects} redirects");
        }

        if (location is null || !Uri.TryCreate(from, location, out var target))
        {
            return Refuse("no usable Location");
        }

        if (target.Scheme != Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttp)
        {
            return Refuse("neither http nor https");
        }

        if (from.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp)
        {
            return Refuse($"from https to plain http at {target.Authority}");
        }

        if (!IsSameOrigin(target, endpoint) && AddressClasses.OfHost(target) is { } known && !AddressClasses.MayLead(endpointClass, known))
        {
            return Refuse($"{target.Authority} is on an address that this upstream may not send us to");
        }

        return new RedirectDecision(target, IsSameOrigin(from, target), null);
    }

    /// <summary>Same scheme, host and port (RFC 6454).</summary>
    public static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static RedirectDecision Refuse(string reason) => new(null, KeepsAuthorization: false, reason);
}
