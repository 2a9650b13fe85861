using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Repositories;

namespace Registry.Server.Control;

/// <summary>Answers commands that run beside the server on the same data: the server owns the store, so it is the one that acts. Thread-safe.</summary>
internal sealed class ControlApplication(Store store, ILogger logger)
{
    public Task InvokeAsync(HttpContext context) =>
        (context.Request.Method, context.Request.Path.Value) switch
        {
            ("POST", ControlPaths.ReleaseRepository) => ReleaseAsync(context),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, "The server does not know this command: it is of another version."),
        };

    private Task ReleaseAsync(HttpContext context)
    {
        if (!RepositoryName.TryParse(context.Request.Query["name"].ToString(), out var name))
        {
            return WriteAsync(context, StatusCodes.Status400BadRequest, "That is no name of a repository.");
        }

        var outcome = store.Kinds.Release(name);
        if (outcome == ReleaseOutcome.Released)
        {
            ServerLog.Released(logger, name);
        }

        return WriteAsync(context, outcome == ReleaseOutcome.Released ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, ReleaseText.Of(name, outcome));
    }

    private static async Task WriteAsync(HttpContext context, int status, string text)
    {
        var body = Encoding.UTF8.GetBytes($"{text}\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
