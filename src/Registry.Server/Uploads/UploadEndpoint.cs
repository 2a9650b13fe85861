using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Registry.Mirror.Routing;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Uploads;

namespace Registry.Server.Uploads;

/// <summary><c>/v2/NAME/blobs/uploads/…</c> (OCI distribution specification, "Pushing blobs", "Mounting a blob"). Thread-safe.</summary>
internal sealed class UploadEndpoint(Store store, NameRouter names, UploadReceiver receiver, MountSource mounts, UploadAnswers answers, ILogger logger)
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
            answers.WriteCreated(context, name, mounted);
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
                answers.WriteAccepted(context, session, name);
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
        if (!UploadId.TryParse(reference, out var id) || !await TryServeAsync(context, place, name, id))
        {
            await context.WriteProblemAsync(ProblemTable.UploadUnknown);
        }
    }

    // Whether there is such a session.
    private async Task<bool> TryServeAsync(HttpContext context, RepositoryName place, string name, UploadId id)
    {
        switch (context.Request.Method)
        {
            case "GET":
                if (await store.Uploads.LengthAsync(place, id, context.Record().User, context.RequestAborted) is not { } length)
                {
                    return false;
                }

                answers.SetState(context, name, id, length);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return true;
            case "DELETE":
                if (!await store.Uploads.CancelAsync(place, id, context.Record().User))
                {
                    return false;
                }

                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return true;
            default:
                return await TryWriteAsync(context, place, name, id);
        }
    }

    private async Task<bool> TryWriteAsync(HttpContext context, RepositoryName place, string name, UploadId id)
    {
        if (await store.Uploads.EnterAsync(place, id, context.Record().User, context.RequestAborted) is not { } session)
        {
            return false;
        }

        try
        {
            if (context.Request.Method == "PATCH")
            {
                if (await receiver.TryAppendAsync(context, session, name))
                {
                    answers.WriteAccepted(context, session, name);
                }
            }
            else if (Digest.TryParse(context.Request.Query["digest"].ToString(), out var digest))
            {
                await FinishAsync(context, session, name, digest);
            }
            else
            {
                await context.WriteProblemAsync(ProblemTable.DigestInvalid);
            }
        }
        finally
        {
            session.Exit();
        }

        return true;
    }

    private async Task FinishAsync(HttpContext context, UploadSession session, string name, Digest digest)
    {
        if (!await receiver.TryAppendAsync(context, session, name))
        {
            return;
        }

        if (await store.Threads.RunAsync(() => Commit(session, digest)) is { } problem)
        {
            await context.WriteProblemAsync(problem);
            return;
        }

        ServerLog.Pushed(logger, session.Repository, digest, session.Length);
        answers.WriteCreated(context, name, digest);
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
}
