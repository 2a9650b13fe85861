using Microsoft.AspNetCore.Http;
using Registry.Server.Problems;
using Registry.Server.Requests;

namespace Registry.Server.Listeners;

/// <summary>What is answered before anybody is asked for a password: the plain listener's business, <c>/health</c>, the request rate, and OPTIONS for browsers. Thread-safe.</summary>
internal sealed class FrontDoor(AnswerHeaders headers, PlainListener? plain, RequestRate? rate)
{
    private static readonly byte[] Healthy = "healthy\n"u8.ToArray();

    /// <summary>Answers, and gives true; false: the registry is asked.</summary>
    public async ValueTask<bool> TryServeAsync(HttpContext context)
    {
        if (HttpMethods.IsConnect(context.Request.Method))
        {
            // A success would make a tunnel of the connection (RFC 9110, 9.3.6).
            context.Response.Headers.Connection = "close";
            await context.WriteProblemAsync(ProblemTable.MethodNotAllowed("GET, HEAD"));
            return true;
        }

        if (context.Request.Protocol == HttpProtocol.Http10 && context.Request.Headers.ContainsKey("Transfer-Encoding"))
        {
            // A proxy of that version does not know where such a body ends (RFC 9112, 6.1).
            context.Response.Headers.Connection = "close";
            await context.WriteProblemAsync(ProblemTable.FramingUnclear);
            return true;
        }

        if (plain is not null && context.Features.Get<PlainConnection>() is not null && await plain.TryServeAsync(context))
        {
            return true;
        }

        if (context.Request.Path.Value == "/health" && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            context.Response.ContentType = "text/plain";
            context.Response.ContentLength = Healthy.Length;
            await context.WriteBodyAsync(Healthy);
            return true;
        }

        if (rate is not null && !rate.Allows(context.Record().Origin))
        {
            await context.WriteProblemAsync(ProblemTable.TooManyRequests);
            return true;
        }

        return headers.AnswersOptions(context);
    }
}
