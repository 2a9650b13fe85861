using Microsoft.AspNetCore.Http;
using Registry.Server.Requests;
using Registry.Storage.Content;
using Registry.Storage.Uploads;

namespace Registry.Server.Uploads;

/// <summary>What uploads are answered with when all is well (OCI distribution specification, "Pushing blobs"). Thread-safe.</summary>
internal sealed class UploadAnswers(Locations locations)
{
    /// <summary>The session goes on.</summary>
    public void WriteAccepted(HttpContext context, UploadSession session, string name)
    {
        SetState(context, name, session.Id, session.Length);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentLength = 0;
    }

    /// <summary>Where the session goes on, and what it holds.</summary>
    public void SetState(HttpContext context, string name, UploadId id, long length)
    {
        var headers = context.Response.Headers;
        headers.Location = locations.Of(context, $"{name}/blobs/uploads/{id}");
        headers.Range = $"0-{Math.Max(0, length - 1)}";
        headers["Docker-Upload-UUID"] = id.ToString();
    }

    /// <summary>The repository has the blob.</summary>
    public void WriteCreated(HttpContext context, string name, Digest digest)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentLength = 0;
        response.Headers.Location = locations.Of(context, $"{name}/blobs/{digest}");
        response.Headers["Docker-Content-Digest"] = digest.ToString();
    }
}
