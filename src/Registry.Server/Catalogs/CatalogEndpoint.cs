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
/// <param name="catalog">The names.</param>
/// <param name="router">Says what is mirrored.</param>
/// <param name="access">Decides what is shown.</param>
/// <param name="walks">Bounds how many pages are looked for at once: for who may see little, a page can take a walk through all of the store.</param>
internal sealed class CatalogEndpoint(Catalog catalog, NameRouter router, AccessControl access, SemaphoreSlim walks)
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
        var names = await FindAsync(context, query.Last, count + 1);
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

    private async Task<List<string>> FindAsync(HttpContext context, string? last, int count)
    {
        var left = context.RequestAborted;
        var caller = context.Record().Caller;
        await walks.WaitAsync(left);
        try
        {
            return [.. catalog.List(last).TakeWhile(_ => !left.IsCancellationRequested)
                .Where(name => access.MaySee(caller, name, router.UpstreamOf(name))).Take(count).Select(static name => name.Value)];
        }
        finally
        {
            walks.Release();
        }
    }
}
