using Registry.Mirror.Routing;
using Registry.Server.Access;
using Registry.Storage;
using Registry.Storage.Content;

namespace Registry.Server.Uploads;

/// <summary>Finds a blob that a client may pull already, so that it need not be pushed (OCI distribution specification, "Mounting a blob"). Thread-safe.</summary>
internal sealed class MountSource(Store store, NameRouter names, AccessControl access)
{
    /// <summary>Most repositories that are looked into for a blob when the client names none, some 10 ms: a push is quicker than a longer search.</summary>
    private const int MostSearched = 1000;

    /// <summary>
    /// Whether the blob can be had from the repository that the client names, or when it names none, from one of this registry's own. What is mirrored is never searched:
    /// its upstream may let others read it than those who push here, and a digest alone is no proof that its bearer may.
    /// </summary>
    /// <param name="digest">The blob.</param>
    /// <param name="from">The name of the repository, not parsed; null: any. Empty is a name, and none that there is.</param>
    /// <param name="caller">Who asks, and must have the right to pull it from there.</param>
    /// <param name="stored">The digest under which its bytes lie.</param>
    public bool TryFind(Digest digest, string? from, in Caller caller, out Digest stored)
    {
        if (from is not null)
        {
            stored = default;
            return names.Resolve(from, null).Destination is { } source && access.MaySee(caller, source.Place, source.Origin?.Upstream) && TryRead(source.Place, digest, out stored);
        }

        stored = digest;
        if (store.Blobs.Length(digest) is null)
        {
            return false;
        }

        foreach (var holder in store.Layers.Holders(digest, MostSearched))
        {
            if (names.Resolve(holder.Value, null).Destination is { Origin: null } && access.MaySee(caller, holder, null) && TryRead(holder, digest, out stored))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryRead(RepositoryName place, Digest digest, out Digest stored)
    {
        stored = default;
        if (store.Layers.Find(place, digest) is not { } target || !store.Blobs.Renew(target))
        {
            return false;
        }

        stored = target;
        return true;
    }
}
