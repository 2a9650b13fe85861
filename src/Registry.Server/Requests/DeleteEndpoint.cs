using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Registry.Server.Problems;
using Registry.Server.Routes;
using Registry.Storage;
using Registry.Storage.Content;

namespace Registry.Server.Requests;

/// <summary>DELETE of tags, manifests and blobs (OCI distribution specification, "Content Management"); of what is mirrored, the copy. Thread-safe.</summary>
internal sealed class DeleteEndpoint(Store store, ILogger logger)
{
    /// <summary>Takes a blob from a repository.</summary>
    public Task DeleteBlobAsync(HttpContext context, RepositoryName place, Digest digest) =>
        DeleteAsync(context, place, digest.ToString(), OciRouteKind.Blob, () => store.Layers.Delete(place, digest));

    /// <summary>Takes a tag, or a manifest with all its tags, from a repository.</summary>
    public Task DeleteManifestAsync(HttpContext context, RepositoryName place, Reference reference) =>
        DeleteAsync(context, place, reference.ToString(), OciRouteKind.Manifest, () =>
        {
            if (reference.Tag is { } tag)
            {
                return store.Tags.Delete(place, tag);
            }

            store.Tags.DeleteAll(place, reference.Digest);
            return store.Manifests.Delete(place, reference.Digest);
        });

    private async Task DeleteAsync(HttpContext context, RepositoryName place, string what, OciRouteKind kind, Func<bool> delete)
    {
        // Whether it was there. Waits for pushes of manifests that may need it.
        if (!await store.Threads.RunAsync(() => store.Repositories.Delete(place, delete)))
        {
            await context.WriteProblemAsync(ProblemTable.NotFound(kind));
            return;
        }

        ServerLog.Deleted(logger, place, what);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentLength = 0;
    }
}
