using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Registry.Mirror.Referrers;
using Registry.Mirror.Routing;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Server.Routes;
using Registry.Storage.Content;
using Registry.Storage.Referrers;

namespace Registry.Server.Referrers;

/// <summary>GET of <c>/v2/NAME/referrers/DIGEST</c> (OCI distribution specification, "Listing Referrers"). Thread-safe.</summary>
internal sealed class ReferrersEndpoint(ReferrersMirror referrers, Locations locations)
{
    // A media type's plus sign stays one: this is JSON alone, never a part of a page.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with a page: an image index, empty when nothing refers to the digest.</summary>
    /// <param name="context">The request.</param>
    /// <param name="destination">Where the name leads.</param>
    /// <param name="name">The name as the client wrote it.</param>
    /// <param name="subject">The manifest that is referred to.</param>
    public async Task ServeAsync(HttpContext context, Destination destination, string name, Digest subject)
    {
        var query = context.Request.Query;
        var artifactType = query["artifactType"].ToString();
        var answer = await referrers.ListAsync(destination, subject, artifactType, query["after"], context.RequestAborted);
        if (answer.Failure is { } failure)
        {
            await context.WriteProblemAsync(ProblemTable.Of(failure, OciRouteKind.Referrers));
            return;
        }

        var body = Serialize(answer.Referrers);
        var headers = context.Response.Headers;
        if (artifactType.Length > 0)
        {
            headers["OCI-Filters-Applied"] = "artifactType";
        }

        if (answer.Next is { } next)
        {
            var filter = artifactType.Length > 0 ? $"&artifactType={Uri.EscapeDataString(artifactType)}" : "";
            var location = locations.Of(context, $"{name}/referrers/{subject}");
            headers.Link = $"<{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}after={next}{filter}>; rel=\"next\"";
        }

        context.Response.SetCacheStatus(answer.Status, answer.Age);
        context.Response.ContentType = MediaType.OciIndex;
        context.Response.ContentLength = body.WrittenCount;
        await context.WriteBodyAsync(body.WrittenMemory);
    }

    private static ArrayBufferWriter<byte> Serialize(IReadOnlyList<Referrer> referrers)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, WriterOptions);
        json.WriteStartObject();
        json.WriteNumber("schemaVersion"u8, 2);
        json.WriteString("mediaType"u8, MediaType.OciIndex);
        json.WriteStartArray("manifests"u8);
        foreach (var referrer in referrers)
        {
            json.WriteRawValue(referrer.Descriptor.Span, skipInputValidation: true);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return body;
    }
}
