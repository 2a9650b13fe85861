using Microsoft.AspNetCore.Http;
using Registry.Mirror.Routing;
using Registry.Server.Blobs;
using Registry.Server.Catalogs;
using Registry.Server.Manifests;
using Registry.Server.Problems;
using Registry.Server.Referrers;
using Registry.Server.Requests;
using Registry.Server.Routes;
using Registry.Server.Tags;
using Registry.Server.Uploads;
using Registry.Storage.Content;

namespace Registry.Server;

/// <summary>Brings a request to its endpoint: path and method first, then whether it may write at all, then whom its name means. Thread-safe.</summary>
internal sealed class RequestRouter(ServerOptions options, WriteOptions writes, NameRouter names)
{
    private readonly string _prefix = options.Prefix.TrimEnd('/');

    public required BlobEndpoint Blobs { get; init; }

    public required ManifestEndpoint Manifests { get; init; }

    public required ManifestPushEndpoint ManifestPushes { get; init; }

    public required TagListEndpoint Tags { get; init; }

    public required ReferrersEndpoint Referrers { get; init; }

    public required CatalogEndpoint Catalog { get; init; }

    public required UploadEndpoint Uploads { get; init; }

    public required DeleteEndpoint Deletes { get; init; }

    public Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value.AsSpan();
        if (!path.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return context.WriteProblemAsync(ProblemTable.NoResource);
        }

        path = path[_prefix.Length..];
        if (path is "/" or "")
        {
            // distribution answers so, and load balancers rely on it.
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.ContentLength = 0;
            return Task.CompletedTask;
        }

        var route = OciRoute.Parse(path);
        return (route.Kind, context.Request.Method) switch
        {
            (OciRouteKind.None, _) => context.WriteProblemAsync(ProblemTable.NoResource),
            (OciRouteKind.Base, "GET" or "HEAD") => WriteBaseAsync(context),
            (OciRouteKind.Catalog, "GET" or "HEAD") => Catalog.ServeAsync(context),
            (OciRouteKind.Blob or OciRouteKind.Manifest or OciRouteKind.Tags or OciRouteKind.Referrers, "GET" or "HEAD") => ReadAsync(context, route),
            (OciRouteKind.Blob or OciRouteKind.Manifest, "DELETE") => DeleteAsync(context, route),
            (OciRouteKind.Manifest, "PUT") => PushAsync(context, route),
            (OciRouteKind.Upload, "POST") when route.Reference.IsEmpty => PushAsync(context, route),
            (OciRouteKind.Upload, "GET" or "PATCH" or "PUT" or "DELETE") when !route.Reference.IsEmpty => PushAsync(context, route),
            (OciRouteKind.Blob, _) => context.WriteProblemAsync(ProblemTable.MethodNotAllowed("GET, HEAD, DELETE")),
            (OciRouteKind.Manifest, _) => context.WriteProblemAsync(ProblemTable.MethodNotAllowed("GET, HEAD, PUT, DELETE")),
            (OciRouteKind.Upload, _) when route.Reference.IsEmpty => context.WriteProblemAsync(ProblemTable.MethodNotAllowed("POST")),
            (OciRouteKind.Upload, _) => context.WriteProblemAsync(ProblemTable.MethodNotAllowed("GET, PATCH, PUT, DELETE")),
            _ => context.WriteProblemAsync(ProblemTable.MethodNotAllowed("GET, HEAD")),
        };
    }

    private Task ReadAsync(HttpContext context, OciRoute route)
    {
        var routed = names.Resolve(route.Name, NamespaceOf(context));
        if (routed.Destination is not { } destination)
        {
            return RefuseAsync(context, routed);
        }

        var name = route.Name;
        return route.Kind switch
        {
            OciRouteKind.Tags => Tags.ServeAsync(context, destination, name.ToString()),
            OciRouteKind.Blob => Digest.TryParse(route.Reference, out var blob)
                ? Blobs.ServeAsync(context, destination, blob)
                : context.WriteProblemAsync(ProblemTable.DigestInvalid),
            OciRouteKind.Referrers => Digest.TryParse(route.Reference, out var subject)
                ? Referrers.ServeAsync(context, destination, name.ToString(), subject)
                : context.WriteProblemAsync(ProblemTable.DigestInvalid),
            _ => TryParse(route.Reference, out var reference, out var problem)
                ? Manifests.ServeAsync(context, destination, reference)
                : context.WriteProblemAsync(problem),
        };
    }

    private Task DeleteAsync(HttpContext context, OciRoute route)
    {
        if (writes.IsReadOnly || !writes.AllowsDelete)
        {
            return context.WriteProblemAsync(writes.IsReadOnly ? ProblemTable.ReadOnly : ProblemTable.DeleteDisabled);
        }

        if (writes.PushRefusal is { } refusal)
        {
            return context.WriteProblemAsync(ProblemTable.Denied(refusal));
        }

        var routed = names.Resolve(route.Name, NamespaceOf(context));
        if (routed.Destination is not { } destination)
        {
            return RefuseAsync(context, routed);
        }

        if (route.Kind == OciRouteKind.Blob)
        {
            return Digest.TryParse(route.Reference, out var blob)
                ? Deletes.DeleteBlobAsync(context, destination.Place, blob)
                : context.WriteProblemAsync(ProblemTable.DigestInvalid);
        }

        return TryParse(route.Reference, out var reference, out var problem)
            ? Deletes.DeleteManifestAsync(context, destination.Place, reference)
            : context.WriteProblemAsync(problem);
    }

    private Task PushAsync(HttpContext context, OciRoute route)
    {
        if (writes.IsReadOnly)
        {
            return context.WriteProblemAsync(ProblemTable.ReadOnly);
        }

        if (writes.PushRefusal is { } refusal)
        {
            return context.WriteProblemAsync(ProblemTable.Denied(refusal));
        }

        var routed = names.ResolvePush(route.Name, NamespaceOf(context));
        if (routed.Destination is not { } destination)
        {
            return RefuseAsync(context, routed);
        }

        var name = route.Name.ToString();
        if (route.Kind == OciRouteKind.Manifest)
        {
            return TryParse(route.Reference, out var reference, out var problem)
                ? ManifestPushes.PutAsync(context, destination.Place, name, reference)
                : context.WriteProblemAsync(problem);
        }

        return route.Reference.IsEmpty
            ? Uploads.BeginAsync(context, destination.Place, name)
            : Uploads.ServeAsync(context, destination.Place, name, route.Reference.ToString());
    }

    // The query is read only where there is one: for pulls that is containerd's way alone. Whom an answer comes from is said to who asked by it.
    private string? NamespaceOf(HttpContext context)
    {
        if (!context.Request.QueryString.HasValue)
        {
            return null;
        }

        var ns = context.Request.Query["ns"].ToString();
        if (names.UpstreamName(ns) is { } upstream)
        {
            context.Response.Headers["OCI-Namespace"] = upstream;
        }

        return ns;
    }

    private static Task RefuseAsync(HttpContext context, RouteResult routed) => context.WriteProblemAsync(routed.Refusal switch
    {
        RouteRefusal.Malformed => ProblemTable.NameInvalid(routed.Reason!),
        RouteRefusal.Denied => ProblemTable.Denied(routed.Reason!),
        _ => ProblemTable.NameUnknown(routed.Reason!),
    });

    private static bool TryParse(ReadOnlySpan<char> text, out Reference reference, out Problem problem)
    {
        problem = text.Contains(':') ? ProblemTable.DigestInvalid : ProblemTable.TagInvalid;
        reference = default;
        if (Digest.TryParse(text, out var digest))
        {
            reference = new Reference(digest);
            return true;
        }

        if (Tag.TryParse(text, out var tag))
        {
            reference = new Reference(tag);
            return true;
        }

        return false;
    }

    private static Task WriteBaseAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 2;
        return context.WriteBodyAsync("{}"u8.ToArray());
    }
}
