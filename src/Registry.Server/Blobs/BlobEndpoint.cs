using Microsoft.AspNetCore.Http;
using Registry.Mirror.Blobs;
using Registry.Mirror.Routing;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Server.Routes;
using Registry.Storage.Content;

namespace Registry.Server.Blobs;

/// <summary>GET and HEAD of <c>/v2/NAME/blobs/DIGEST</c> (OCI distribution specification, "Pulling blobs"). Thread-safe.</summary>
internal sealed class BlobEndpoint(BlobMirror blobs, BlobSender sender)
{
    /// <summary>Content by digest never changes: a year, as distribution says.</summary>
    private const string Immutable = "max-age=31536000";

    public async Task ServeAsync(HttpContext context, Destination destination, Digest digest)
    {
        var isHead = HttpMethods.IsHead(context.Request.Method);
        using var answer = isHead
            ? await blobs.HeadAsync(destination, digest, context.RequestAborted)
            : await blobs.GetAsync(destination, digest, context.RequestAborted);
        if (answer.Failure is { } failure)
        {
            await context.WriteProblemAsync(ProblemTable.Of(failure, OciRouteKind.Blob));
            return;
        }

        if (!answer.Exists)
        {
            await context.WriteProblemAsync(ProblemTable.NotFound(OciRouteKind.Blob));
            return;
        }

        var response = context.Response;
        var text = digest.ToString();
        response.Headers["Docker-Content-Digest"] = text;
        response.Headers.ETag = $"\"{text}\"";
        response.Headers.CacheControl = Immutable;
        response.Headers.AcceptRanges = "bytes";
        response.SetCacheStatus(answer.Status, TimeSpan.Zero);
        if (context.Request.HasEntity(text))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = MediaType.OctetStream;
        if (answer.Content is { } content)
        {
            await SendAsync(context, content);
        }
        else
        {
            response.ContentLength = answer.Length;
        }
    }

    private async Task SendAsync(HttpContext context, BlobContent content)
    {
        var response = context.Response;
        if (content.Length is not { } length)
        {
            await sender.SendAsync(context, content, 0, null, isClosed: false);
            return;
        }

        switch (ByteRangeSet.Read(context.Request.Headers.Range.ToString(), length))
        {
            case null:
                response.ContentLength = length;
                await sender.SendAsync(context, content, 0, length, isClosed: false);
                break;
            case []:
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{length}";
                response.ContentType = null;
                response.ContentLength = 0;
                break;
            case [var range]:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = $"bytes {range.First}-{range.End - 1}/{length}";
                response.ContentLength = range.Length;
                await sender.SendAsync(context, content, range.First, range.End, range.IsClosed);
                break;
            case var ranges:
                var frame = new MultipartRanges(ranges, length, context.Record().Id);
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.ContentType = frame.ContentType;
                response.ContentLength = frame.ContentLength;
                await sender.SendAsync(context, content, ranges, frame);
                break;
        }
    }
}
