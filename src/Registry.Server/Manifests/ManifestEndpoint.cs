using Microsoft.AspNetCore.Http;
using Registry.Mirror.Manifests;
using Registry.Mirror.Routing;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Server.Routes;
using Registry.Storage.Content;

namespace Registry.Server.Manifests;

/// <summary>GET and HEAD of <c>/v2/NAME/manifests/REFERENCE</c> (OCI distribution specification, "Pulling manifests"). Thread-safe.</summary>
internal sealed class ManifestEndpoint(ManifestMirror manifests)
{
    public async Task ServeAsync(HttpContext context, Destination destination, Reference reference)
    {
        var answer = await manifests.GetAsync(destination, reference, context.RequestAborted);
        if (answer.Manifest is not { } manifest)
        {
            await context.WriteProblemAsync(
                answer.Failure is { } failure ? ProblemTable.Of(failure, OciRouteKind.Manifest) : ProblemTable.NotFound(OciRouteKind.Manifest));
            return;
        }

        var response = context.Response;
        response.Headers["Docker-Content-Digest"] = manifest.DigestText;
        response.Headers.ETag = manifest.EntityTag;
        response.SetCacheStatus(answer.Status, answer.Age);
        if (context.Request.HasEntity(manifest.DigestText))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = manifest.MediaType;
        response.ContentLength = manifest.Content.Length;
        await context.WriteBodyAsync(manifest.Content);
    }
}
