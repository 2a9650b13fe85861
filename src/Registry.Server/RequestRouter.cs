using Microsoft.AspNetCore.Http;
using Registry.Mirror.Publicity;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Server.Access;
using Registry.Server.Authentication;
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
internal sealed class RequestRouter(ServerOptions options, WriteOptions writes, NameRouter names, MirrorKeys keys, AccessControl access)
{
    private readonly string _prefix = options.Prefix.TrimEnd('/');

    /// <summary>Gives tokens; null: clients are asked for their passwords themselves.</summary>
    public required TokenEndpoint? Tokens { get; init; }

    /// <summary>Says what of an upstream with an account everybody may see.</summary>
    public required PublicContent Publicity { get; init; }

    public required BlobEndpoint Blobs { get; init; }

    public required ManifestEndpoint Manifests { get; init; }

    public required ManifestPushEndpoint ManifestPushes { get; init; }

    public required TagListEndpoint TagLists { get; init; }

    public required ReferrersEndpoint Referrers { get; init; }

    public required CatalogEndpoint Catalog { get; init; }

    public required UploadEndpoint Uploads { get; init; }

    public required DeleteEndpoint Deletes { get; init; }

    public async Task ServeAsync(HttpContext context)
    {
        if (!(context.Request.Path.Value ?? "").StartsWith(_prefix, StringComparison.Ordinal))
        {
            await context.WriteProblemAsync(ProblemTable.NoResource);
            return;
        }

        var path = CutKey(context);
        if (path is "/" or "")
        {
            // distribution answers so, and load balancers rely on it.
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.ContentLength = 0;
            return;
        }

        var kind = OciRoute.Parse(path).Kind;
        if (kind == OciRouteKind.Token && Tokens is not null)
        {
            context.Record().HidesQuery = true;
            await (context.Request.Method is "GET" or "HEAD" or "POST" ? Tokens.ServeAsync(context) : context.WriteProblemAsync(ProblemTable.MethodNotAllowed("GET, HEAD, POST")));
        }
        else if (kind is OciRouteKind.None or OciRouteKind.Token)
        {
            await context.WriteProblemAsync(ProblemTable.NoResource);
        }
        else if (await access.TryIdentifyAsync(context))
        {
            await ServeAsync(context, OciRoute.Parse(path));
        }
    }

    // What follows the prefix. A mirror's key is seen by nothing behind here: neither by logs nor by what words a Location.
    private string CutKey(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        path = _prefix.Length == 0 ? path : path[_prefix.Length..];
        if (keys.Any && keys.Cut(path, out var rest) is { } key)
        {
            context.Record().MirrorKey = key;
            context.Request.Path = $"{_prefix}{rest}";
            return rest;
        }

        return path;
    }

    private Task ServeAsync(HttpContext context, OciRoute route) => (route.Kind, context.Request.Method) switch
    {
        (OciRouteKind.Base, "GET" or "HEAD") => access.MayEnter(context.Record()) ? WriteBaseAsync(context) : access.RefuseAsync(context, scope: null),
        (OciRouteKind.Catalog, "GET" or "HEAD") => access.MayEnter(context.Record()) ? Catalog.ServeAsync(context) : access.RefuseAsync(context, "registry:catalog:*"),
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

    private Task ReadAsync(HttpContext context, OciRoute route)
    {
        var routed = names.Resolve(route.Name, NamespaceOf(context));
        if (routed.Destination is not { } destination)
        {
            return RefuseAsync(context, routed, RepositoryActions.Pull, route.Name);
        }

        if (!access.Allows(context, RepositoryActions.Pull, destination))
        {
            return access.RefuseAsync(context, RepositoryActions.Pull, route.Name);
        }

        // Of a repository without a kind a HEAD of a blob asks nobody: it is how a push begins.
        var isProbe = route.Kind == OciRouteKind.Blob && HttpMethods.IsHead(context.Request.Method) && names.UpstreamOf(destination.Place) is null;
        return !isProbe && access.NeedsPublicContent(context, destination)
            ? ReadPublicAsync(context, destination, route.Kind, route.Name.ToString(), route.Reference.ToString())
            : ReadAsync(context, destination, route.Kind, route.Name, route.Reference);
    }

    private async Task ReadPublicAsync(HttpContext context, Destination destination, OciRouteKind kind, string name, string reference)
    {
        var resource = kind switch
        {
            OciRouteKind.Manifest when TryParse(reference, out _, out _) => $"manifests/{reference}",
            OciRouteKind.Blob when Digest.TryParse(reference, out _) => $"blobs/{reference}",
            _ => null,
        };
        var failure = await Publicity.FindAsync(destination.Origin!, destination.Place, resource, context.RequestAborted);
        await (failure switch
        {
            null => ReadAsync(context, destination, kind, name, reference),
            { Kind: UpstreamFailureKind.Unauthorized } => access.RefuseAsync(context, RepositoryActions.Pull, name),
            _ => context.WriteProblemAsync(ProblemTable.Of(failure, kind)),
        });
    }

    private Task ReadAsync(HttpContext context, Destination destination, OciRouteKind kind, ReadOnlySpan<char> name, ReadOnlySpan<char> text) => kind switch
    {
        OciRouteKind.Tags => TagLists.ServeAsync(context, destination, name.ToString()),
        OciRouteKind.Blob => Digest.TryParse(text, out var blob)
            ? Blobs.ServeAsync(context, destination, blob)
            : context.WriteProblemAsync(ProblemTable.DigestInvalid),
        OciRouteKind.Referrers => Digest.TryParse(text, out var subject)
            ? Referrers.ServeAsync(context, destination, name.ToString(), subject)
            : context.WriteProblemAsync(ProblemTable.DigestInvalid),
        _ => TryParse(text, out var reference, out var problem)
            ? Manifests.ServeAsync(context, destination, reference)
            : context.WriteProblemAsync(problem),
    };

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
            return RefuseAsync(context, routed, RepositoryActions.Delete, route.Name);
        }

        if (!access.Allows(context, RepositoryActions.Delete, destination))
        {
            return access.RefuseAsync(context, RepositoryActions.Delete, route.Name);
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
            return RefuseAsync(context, routed, RepositoryActions.Push, route.Name);
        }

        if (!access.Allows(context, RepositoryActions.Push, destination))
        {
            return access.RefuseAsync(context, RepositoryActions.Push, route.Name);
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

    // Why a name leads nowhere tells of what is here: not to be heard by who may do nothing with such a name.
    private Task RefuseAsync(HttpContext context, RouteResult routed, RepositoryActions actions, ReadOnlySpan<char> name)
    {
        if (!access.MayEnter(context.Record())
            || (RepositoryName.TryParse(name, out var repository) && !access.Allows(context, actions, new Destination(repository, null)) && !context.Record().Caller.HasMirrorKey))
        {
            return access.RefuseAsync(context, actions, name);
        }

        return context.WriteProblemAsync(routed.Refusal switch
        {
            RouteRefusal.Malformed => ProblemTable.NameInvalid(routed.Reason!),
            RouteRefusal.Denied => ProblemTable.Denied(routed.Reason!),
            _ => ProblemTable.NameUnknown(routed.Reason!),
        });
    }

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
