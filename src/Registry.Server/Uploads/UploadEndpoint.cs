using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Registry.Mirror.Routing;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Layout;
using Registry.Storage.Uploads;

namespace Registry.Server.Uploads;

/// <summary><c>/v2/NAME/blobs/uploads/…</c> (OCI distribution specification, "Pushing blobs", "Mounting a blob"). Thread-safe.</summary>
internal sealed class UploadEndpoint(Store store, NameRouter names, RequestBody body, MountSource mounts, Locations locations, ILogger logger)
{
    /// <summary>POST: begins a session, or does all at once, or mounts a blob that is here already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="place">The repository that is pushed to.</param>
    /// <param name="name">Its name as the client wrote it.</param>
    public async Task BeginAsync(HttpContext context, RepositoryName place, string name)
    {
        var query = context.Request.Query;
        if (query.TryGetValue("mount", out var mount)
            && Digest.TryParse(mount.ToString(), out var mounted)
            && mounts.TryFind(mounted, query.TryGetValue("from", out var from) ? from.ToString() : null, context.Record().Caller, out var stored)
            && await store.Threads.RunAsync(() => names.TryMakeLocal(place) && store.Layers.Add(place, mounted, stored)))
        {
            await WriteCreatedAsync(context, name, mounted);
            return;
        }

        var algorithm = DigestAlgorithm.Sha256;
        if (query.TryGetValue("digest-algorithm", out var hint) && !DigestAlgorithms.TryParse(hint.ToString(), out algorithm))
        {
            await context.WriteProblemAsync(ProblemTable.DigestInvalid);
            return;
        }

        var isWhole = query.TryGetValue("digest", out var text);
        var digest = default(Digest);
        if (isWhole && !Digest.TryParse(text.ToString(), out digest))
        {
            await context.WriteProblemAsync(ProblemTable.DigestInvalid);
            return;
        }

        var session = store.Uploads.Begin(place, isWhole ? digest.Algorithm : algorithm, context.Record().User);
        try
        {
            if (isWhole)
            {
                await FinishAsync(context, session, name, digest);
            }
            else
            {
                WriteState(context, session, name, StatusCodes.Status202Accepted);
            }
        }
        finally
        {
            // Of what did not come to its end in one request nobody knows the name, to go on with it.
            if (isWhole && !session.IsOver)
            {
                store.Uploads.Cancel(session);
            }

            session.Exit();
        }
    }

    /// <summary>GET, PATCH, PUT and DELETE of a session.</summary>
    /// <param name="context">The request.</param>
    /// <param name="place">The repository that is pushed to.</param>
    /// <param name="name">Its name as the client wrote it.</param>
    /// <param name="reference">What stands where the session's name should.</param>
    public async Task ServeAsync(HttpContext context, RepositoryName place, string name, string reference)
    {
        var session = UploadId.TryParse(reference, out var id) ? await store.Uploads.EnterAsync(place, id, context.RequestAborted) : null;
        if (session is null)
        {
            await context.WriteProblemAsync(ProblemTable.UploadUnknown);
            return;
        }

        try
        {
            if (session.Owner is { } owner && owner != context.Record().User)
            {
                await context.WriteProblemAsync(ProblemTable.UploadUnknown);
                return;
            }

            await ServeAsync(context, session, name);
        }
        finally
        {
            session.Exit();
        }
    }

    private async Task ServeAsync(HttpContext context, UploadSession session, string name)
    {
        switch (context.Request.Method)
        {
            case "GET":
                WriteState(context, session, name, StatusCodes.Status204NoContent);
                return;
            case "DELETE":
                store.Uploads.Cancel(session);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            case "PATCH":
                if (await TryAppendAsync(context, session, name))
                {
                    WriteState(context, session, name, StatusCodes.Status202Accepted);
                }

                return;
            default:
                if (Digest.TryParse(context.Request.Query["digest"].ToString(), out var digest))
                {
                    await FinishAsync(context, session, name, digest);
                }
                else
                {
                    await context.WriteProblemAsync(ProblemTable.DigestInvalid);
                }

                return;
        }
    }

    private async Task FinishAsync(HttpContext context, UploadSession session, string name, Digest digest)
    {
        if (!await TryAppendAsync(context, session, name))
        {
            return;
        }

        if (await store.Threads.RunAsync(() => Commit(session, digest)) is { } problem)
        {
            await context.WriteProblemAsync(problem);
            return;
        }

        ServerLog.Pushed(logger, session.Repository, digest, session.Length);
        await WriteCreatedAsync(context, name, digest);
    }

    // Why not, if it cannot be.
    private Problem? Commit(UploadSession session, Digest digest)
    {
        var problem = !session.Matches(digest) ? ProblemTable.DigestDiffers
            : !names.TryMakeLocal(session.Repository) ? ProblemTable.Denied($"{session.Repository} has become a mirrored repository in the meantime.")
            : null;
        if (problem is null)
        {
            store.Uploads.Commit(session, digest);
        }
        else
        {
            store.Uploads.Cancel(session);
        }

        return problem;
    }

    // Adds the request's body to the session; when that cannot be, answers why.
    private async Task<bool> TryAppendAsync(HttpContext context, UploadSession session, string name)
    {
        var request = context.Request;
        long? length = null;
        if (request.Headers.ContentRange is { Count: > 0 } range)
        {
            if (!ContentSpan.TryParse(range.ToString(), out var span) || (request.ContentLength is { } stated && stated != span.Length))
            {
                return await RefuseChunkAsync(context, session, name, ProblemTable.SizeInvalid);
            }

            if (span.First != session.Length)
            {
                return await RefuseChunkAsync(context, session, name, ProblemTable.RangeInvalid(session.Length));
            }

            length = span.Length;
        }

        if (request.ContentLength is { } wanted && !HasRoomFor(wanted))
        {
            return await RefuseAsync(context, session);
        }

        try
        {
            var chunk = new UploadChunk(store, session, length);
            await body.CopyAsync(context, chunk, static (chunk, bytes) => chunk.Append(bytes));
            return chunk.TryEnd() || await RefuseChunkAsync(context, session, name, ProblemTable.SizeInvalid);
        }
        catch (IOException e) when (DiskFull.Is(e))
        {
            return await RefuseAsync(context, session);
        }
    }

    // Copies of what is mirrored make room for what is pushed; but only as it comes, not as it is announced.
    private bool HasRoomFor(long bytes) => store.Room.HasRoomFor(bytes) || store.Room.HasRoomFor(bytes - store.Evictor.Evictable());

    // The session goes on from where it was, and the answer says where that is.
    private async Task<bool> RefuseChunkAsync(HttpContext context, UploadSession session, string name, Problem problem)
    {
        SetState(context, session, name);
        await context.WriteProblemAsync(problem);
        return false;
    }

    // There is no room: what was received goes, so that the space comes back, and the client is told.
    private async Task<bool> RefuseAsync(HttpContext context, UploadSession session)
    {
        store.Uploads.Cancel(session);
        await context.WriteProblemAsync(ProblemTable.NoRoom);
        return false;
    }

    private void WriteState(HttpContext context, UploadSession session, string name, int status)
    {
        SetState(context, session, name);
        context.Response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
        {
            context.Response.ContentLength = 0;
        }
    }

    private void SetState(HttpContext context, UploadSession session, string name)
    {
        var headers = context.Response.Headers;
        headers.Location = locations.Of(context, $"{name}/blobs/uploads/{session.Id}");
        headers.Range = $"0-{Math.Max(0, session.Length - 1)}";
        headers["Docker-Upload-UUID"] = session.Id.ToString();
    }

    private Task WriteCreatedAsync(HttpContext context, string name, Digest digest)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentLength = 0;
        response.Headers.Location = locations.Of(context, $"{name}/blobs/{digest}");
        response.Headers["Docker-Content-Digest"] = digest.ToString();
        return Task.CompletedTask;
    }
}
