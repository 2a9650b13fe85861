using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Registry.Mirror;
using Registry.Server.Problems;

namespace Registry.Server.Requests;

/// <summary>What answers of all endpoints have in common.</summary>
internal static class Answers
{
    /// <summary>Answers with a problem; nothing must have been sent before.</summary>
    public static async Task WriteProblemAsync(this HttpContext context, Problem problem)
    {
        var record = context.Record();
        var body = ProblemJson.Serialize(problem, record.Id);
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (problem.RetryAfter is { } after)
        {
            response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Allow is not null)
        {
            response.Headers.Allow = problem.Allow;
        }

        await context.WriteBodyAsync(body);
    }

    /// <summary>Writes a body that is at hand, unless the request is a HEAD.</summary>
    public static async Task WriteBodyAsync(this HttpContext context, ReadOnlyMemory<byte> body)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
        context.Record().BytesSent += body.Length;
    }

    /// <summary>Says how a mirrored answer came about, and how old what it says is.</summary>
    public static void SetCacheStatus(this HttpResponse response, CacheStatus status, TimeSpan age)
    {
        response.Headers["X-Cache"] = status switch
        {
            CacheStatus.Hit => "hit",
            CacheStatus.Fill => "fill",
            CacheStatus.Revalidated => "revalidated",
            CacheStatus.Stale => "stale",
            _ => default,
        };
        if (status != CacheStatus.None)
        {
            response.Headers.Age = Math.Min(Math.Floor(age.TotalSeconds), int.MaxValue).ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Whether the client has this entity already (RFC 9110, 13.1.2). Tags without quotes are taken too: some clients send them so.</summary>
    public static bool HasEntity(this HttpRequest request, string digest)
    {
        foreach (var value in request.Headers.IfNoneMatch)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var tag = value.AsSpan()[range].Trim();
                tag = tag.StartsWith("W/") ? tag[2..] : tag;
                if (tag is "*" || tag.Trim('"').SequenceEqual(digest))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>What is noted of the request.</summary>
    public static RequestRecord Record(this HttpContext context) => context.Features.GetRequiredFeature<RequestRecord>();
}
