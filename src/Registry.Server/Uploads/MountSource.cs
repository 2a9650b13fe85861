using Registry.Mirror.Routing;
using Registry.Storage;
using Registry.Storage.Content;

namespace Registry.Server.Uploads;

/// <summary>Finds a blob that a client may pull already, so that it need not be pushed (OCI distribution specification, "Mounting a blob"). Thread-safe.</summary>
internal sealed class MountSource(Store store, NameRouter names)
{
    /// <summary>
    /// Whether the blob can be had from the repository that the client names. Without one nothing is searched: a digest alone is no proof that its bearer may read it.
    /// </summary>
    /// <param name="digest">The blob.</param>
    /// <param name="from">The name of the repository, not parsed; null or empty: none.</param>
    /// <param name="stored">The digest under which its bytes lie.</param>
    public bool TryFind(Digest digest, string? from, out Digest stored)
    {
        stored = default;
        if (string.IsNullOrEmpty(from)
            || names.Resolve(from, null).Destination is not { } source
            || store.Layers.Find(source.Place, digest) is not { } target
            || !store.Blobs.Renew(target))
        {
            return false;
        }

        stored = target;
        return true;
    }
}
