using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Registry.Server.Access;
using Registry.Server.Listeners;
using Registry.Server.Logging;
using Registry.Server.Problems;
using Registry.Server.Requests;

namespace Registry.Server;

/// <summary>
/// A request's way: record, headers, front door, endpoint, access log. Every answer to what fails on the way is made here. Thread-safe.
/// </summary>
internal sealed class RegistryApplication(
    TrustedProxies proxies, AnswerHeaders headers, FrontDoor frontDoor, MirrorKeys keys, RequestRouter router, AccessLog? accessLog, ILogger logger)
{
    // What an endpoint has said of the content that does not come after all.
    private static readonly string[] EntityHeaders =
        ["Docker-Content-Digest", "ETag", "Cache-Control", "Accept-Ranges", "Content-Range", "X-Cache", "Age", "Location"];

    public async Task InvokeAsync(HttpContext context)
    {
        var record = new RequestRecord { Origin = proxies.OriginOf(context) };
        context.Features.Set(record);
        headers.Apply(context, record);
        try
        {
            if (!await frontDoor.TryServeAsync(context))
            {
                await router.ServeAsync(context);
            }
        }
        catch (Exception e)
        {
            await FailAsync(context, record, e);
        }

        accessLog?.Write(context, record, keys);
    }

    private async Task FailAsync(HttpContext context, RequestRecord record, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested || exception is ConnectionResetException or { InnerException: ConnectionResetException })
        {
            record.IsBroken = true;
            context.Abort();
            return;
        }

        var path = context.Request.Path.Value ?? "";
        if (context.Response.HasStarted)
        {
            // Too late for an answer in words: the client must see that this is not the whole.
            record.IsBroken = true;
            ServerLog.TransferBroken(logger, record.Id, path, exception is OperationCanceledException ? "the client takes nothing" : exception.Message);
            context.Abort();
            return;
        }

        var problem = ProblemTable.Of(exception);
        if (problem == ProblemTable.Unexpected)
        {
            ServerLog.RequestFailed(logger, exception, record.Id, context.Request.Method, path);
        }
        else if (problem == ProblemTable.StorageFailed)
        {
            ServerLog.StorageFailed(logger, record.Id, context.Request.Method, path, exception.Message);
        }

        foreach (var name in EntityHeaders)
        {
            context.Response.Headers.Remove(name);
        }

        await context.WriteProblemAsync(problem);
    }
}
