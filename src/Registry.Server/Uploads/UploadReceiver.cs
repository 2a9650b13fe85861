using Microsoft.AspNetCore.Http;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Storage;
using Registry.Storage.Layout;
using Registry.Storage.Uploads;

namespace Registry.Server.Uploads;

/// <summary>Receives the bodies of an upload's requests, and refuses those that cannot be a part of it. Thread-safe.</summary>
internal sealed class UploadReceiver(Store store, RequestBody body, UploadAnswers answers)
{
    /// <summary>Adds the request's body to the session; when that cannot be, answers why.</summary>
    /// <param name="context">The request.</param>
    /// <param name="session">The session, which the caller has entered.</param>
    /// <param name="name">The repository as the client wrote it.</param>
    public async Task<bool> TryAppendAsync(HttpContext context, UploadSession session, string name)
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
            await body.CopyAsync(context, chunk, static (chunk, bytes) => chunk.Append(bytes), session.Interrupted);
            return chunk.TryEnd() || await RefuseChunkAsync(context, session, name, ProblemTable.SizeInvalid);
        }
        catch (IOException e) when (DiskFull.Is(e))
        {
            return await RefuseAsync(context, session);
        }
        catch (OperationCanceledException) when (session.Interrupted.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            await context.WriteProblemAsync(ProblemTable.UploadInterrupted);
            return false;
        }
    }

    // Copies of what is mirrored make room for what is pushed; but only as it comes, not as it is announced.
    private bool HasRoomFor(long bytes) => store.Room.HasRoomFor(bytes) || store.Room.HasRoomFor(bytes - store.Evictor.Evictable());

    // The session goes on from where it was, and the answer says where that is.
    private async Task<bool> RefuseChunkAsync(HttpContext context, UploadSession session, string name, Problem problem)
    {
        answers.SetState(context, name, session.Id, session.Length);
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
}
