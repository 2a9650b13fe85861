using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Credentials;

/// <summary>Decides where tokens may be fetched: a realm is named by the other side, and credentials go there. Pure.</summary>
internal static class RealmPolicy
{
    /// <summary>Why the realm is refused, as the end of a sentence; null: it is fine.</summary>
    /// <param name="endpoint">The endpoint that named it.</param>
    /// <param name="realm">The realm.</param>
    /// <param name="allowed">Hosts of other sites that the configuration allows.</param>
    /// <param name="endpointClass">The class of the endpoint's address.</param>
    public static string? Refuse(Uri endpoint, Uri realm, IReadOnlyList<string> allowed, AddressClass? endpointClass)
    {
        if (realm.Scheme != Uri.UriSchemeHttps && (realm.Scheme != Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps))
        {
            return $"token realm {realm.Authority} is not https";
        }

        var isNamed = allowed.Any(host => host.Equals(realm.IdnHost, StringComparison.OrdinalIgnoreCase) || host.Equals(realm.Authority, StringComparison.OrdinalIgnoreCase));
        if (!isNamed && !Site.AreSame(endpoint.IdnHost, realm.IdnHost))
        {
            return $"token realm {realm.Authority} is of another site than {endpoint.Authority}; name it in 'realms' if that is right";
        }

        return !RedirectPolicy.IsSameOrigin(endpoint, realm) && AddressClasses.OfHost(realm) is { } known && !AddressClasses.MayLead(endpointClass, known)
            ? $"token realm {realm.Authority} is on an address that this upstream may not send us to"
            : null;
    }
}
