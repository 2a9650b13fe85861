using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Registry.Mirror.Routing;
using Registry.Mirror.Tags;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Server.Routes;

namespace Registry.Server.Tags;

/// <summary>GET and HEAD of <c>/v2/NAME/tags/list</c> (OCI distribution specification, "Listing Tags"). Thread-safe.</summary>
internal sealed class TagListEndpoint(TagListMirror tags, string prefix)
{
    /// <summary>Answers with a page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="destination">Where the name leads.</param>
    /// <param name="name">The name as the client wrote it.</param>
    public async Task ServeAsync(HttpContext context, Destination destination, string name)
    {
        var query = context.Request.Query;
        int? count = null;
        if (query.TryGetValue("n", out var n))
        {
            if (!int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted))
            {
                await context.WriteProblemAsync(ProblemTable.PageInvalid);
                return;
            }

            count = wanted;
        }

        var answer = await tags.ListAsync(destination, count, query["last"], context.RequestAborted);
        if (answer.Tags is not { } page)
        {
            await context.WriteProblemAsync(
                answer.Failure is { } failure ? ProblemTable.Of(failure, OciRouteKind.Tags) : ProblemTable.NotFound(OciRouteKind.Tags));
            return;
        }

        if (answer.HasMore)
        {
            var ns = query.TryGetValue("ns", out var upstream) ? $"&ns={Uri.EscapeDataString(upstream.ToString())}" : "";
            context.Response.Headers.Link =
                $"<{prefix}/v2/{name}/tags/list?last={Uri.EscapeDataString(page[^1])}&n={count ?? page.Count}{ns}>; rel=\"next\"";
        }

        var body = Serialize(name, page);
        context.Response.SetCacheStatus(answer.Status, answer.Age);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.WriteBodyAsync(body.WrittenMemory);
    }

    private static ArrayBufferWriter<byte> Serialize(string name, IReadOnlyList<string> tags)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteStartArray("tags"u8);
        foreach (var tag in tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return body;
    }
}
