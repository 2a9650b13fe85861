using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Registry.Mirror.Routing;
using Registry.Server.Access;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Storage.Repositories;

namespace Registry.Server.Catalogs;

/// <summary>GET of <c>/v2/_catalog</c>, as distribution has it, of what the caller may pull. Thread-safe.</summary>
internal sealed class CatalogEndpoint(Catalog catalog, NameRouter router, AccessControl access)
{
    private const int DefaultPage = 100;

    /// <summary>Most names of one page: distribution's default bound.</summary>
    private const int MaxPage = 1000;

    /// <summary>Answers with a page.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (!PageQuery.TryRead(context.Request, out var query) || query.Count > MaxPage)
        {
            await context.WriteProblemAsync(ProblemTable.PageInvalid);
            return;
        }

        var count = query.Count ?? DefaultPage;
        var names = catalog.List(query.Last).Where(name => access.MaySee(context.Record().Caller, name, router.UpstreamOf(name))).Take(count + 1).Select(static name => name.Value).ToList();
        if (count > 0 && names.Count > count)
        {
            context.Response.Headers.Link = $"<{context.Request.Path}?last={Uri.EscapeDataString(names[count - 1])}&n={count}>; rel=\"next\"";
        }

        var body = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("repositories"u8);
            foreach (var name in names.Take(count))
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.WriteBodyAsync(body.WrittenMemory);
    }
}
