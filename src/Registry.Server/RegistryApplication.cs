using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Registry.Mirror;
using Registry.Mirror.Fetches;
using Registry.Mirror.Routing;
using Registry.Server.Blobs;
using Registry.Server.Logging;
using Registry.Server.Manifests;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Server.Routes;
using Registry.Server.Tags;
using Registry.Storage.Content;

namespace Registry.Server;

/// <summary>
/// A request's way: record, headers, route, name, endpoint, access log. Every answer, also to what fails on the way, is made here or in an endpoint. Thread-safe.
/// </summary>
internal sealed class RegistryApplication
{
    private readonly ServerOptions _options;
    private readonly NameRouter _names;
    private readonly BlobEndpoint _blobs;
    private readonly ManifestEndpoint _manifests;
    private readonly TagListEndpoint _tags;
    private readonly AccessLog? _accessLog;
    private readonly ILogger _logger;
    private readonly string _prefix;

    public RegistryApplication(ServerOptions options, PullThrough pulls, AccessLog? accessLog, TimeProvider time, ILogger logger)
    {
        _options = options;
        _names = pulls.Names;
        _blobs = new BlobEndpoint(pulls.Blobs, new BlobSender(time, options.WriteTimeout));
        _manifests = new ManifestEndpoint(pulls.Manifests);
        _prefix = options.Prefix.TrimEnd('/');
        _tags = new TagListEndpoint(pulls.Tags, _prefix);
        _accessLog = accessLog;
        _logger = logger;
    }

    public async Task InvokeAsync(HttpContext context)
    {
        var record = new RequestRecord();
        context.Features.Set(record);
        var headers = context.Response.Headers;
        headers["Docker-Distribution-API-Version"] = "registry/2.0";
        headers["X-Request-Id"] = record.Id;
        foreach (var (name, value) in _options.Headers)
        {
            headers.Append(name, value);
        }

        try
        {
            await DispatchAsync(context);
        }
        catch (Exception e)
        {
            await FailAsync(context, record, e);
        }

        _accessLog?.Write(context, record);
    }

    private Task DispatchAsync(HttpContext context)
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
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return route.Kind switch
        {
            OciRouteKind.None => context.WriteProblemAsync(ProblemTable.NoResource),
            OciRouteKind.Upload or OciRouteKind.Catalog => context.WriteProblemAsync(ProblemTable.NotServed),
            OciRouteKind.Referrers => context.WriteProblemAsync(ProblemTable.NoReferrers),
            _ when !isRead => context.WriteProblemAsync(ProblemTable.MethodNotAllowed),
            OciRouteKind.Base => WriteBaseAsync(context),
            _ => ServeNamedAsync(context, route),
        };
    }

    private Task ServeNamedAsync(HttpContext context, OciRoute route)
    {
        // The query is read only where there is one: that is the rule for every client but containerd.
        var ns = context.Request.QueryString.HasValue ? context.Request.Query["ns"].ToString() : null;
        var routed = _names.Resolve(route.Name, ns);
        if (routed.Destination is not { } destination)
        {
            return context.WriteProblemAsync(
                routed.IsMalformed ? ProblemTable.NameInvalid(routed.Refusal!) : ProblemTable.NameUnknown(routed.Refusal!));
        }

        if (!string.IsNullOrEmpty(ns))
        {
            context.Response.Headers["OCI-Namespace"] = destination.Origin?.Upstream.Name;
        }

        switch (route.Kind)
        {
            case OciRouteKind.Tags:
                return _tags.ServeAsync(context, destination, route.Name.ToString());
            case OciRouteKind.Blob:
                return Digest.TryParse(route.Reference, out var blob)
                    ? _blobs.ServeAsync(context, destination, blob)
                    : context.WriteProblemAsync(ProblemTable.DigestInvalid);
            default:
                if (route.Reference.Contains(':'))
                {
                    return Digest.TryParse(route.Reference, out var manifest)
                        ? _manifests.ServeAsync(context, destination, new Reference(manifest))
                        : context.WriteProblemAsync(ProblemTable.DigestInvalid);
                }

                return Tag.TryParse(route.Reference, out var tag)
                    ? _manifests.ServeAsync(context, destination, new Reference(tag))
                    : context.WriteProblemAsync(ProblemTable.TagInvalid);
        }
    }

    private static Task WriteBaseAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 2;
        return context.WriteBodyAsync("{}"u8.ToArray());
    }

    private async Task FailAsync(HttpContext context, RequestRecord record, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            record.IsBroken = true;
            return;
        }

        var path = context.Request.Path.Value ?? "";
        if (context.Response.HasStarted)
        {
            // Too late for an answer in words: the client must see that this is not the whole.
            record.IsBroken = true;
            ServerLog.TransferBroken(_logger, record.Id, path, exception is OperationCanceledException ? "the client takes nothing" : exception.Message);
            context.Abort();
            return;
        }

        var problem = exception switch
        {
            OperationCanceledException => ProblemTable.Stopping,
            BlobBrokenException broken => new Problem(502, "UNAVAILABLE", $"{broken.Message}.") { RetryAfter = TimeSpan.FromSeconds(5) },
            BadHttpRequestException bad => new Problem(bad.StatusCode, "UNSUPPORTED", bad.Message),
            IOException or UnauthorizedAccessException or InvalidDataException => ProblemTable.StorageFailed,
            _ => ProblemTable.Unexpected,
        };
        if (problem == ProblemTable.Unexpected)
        {
            ServerLog.RequestFailed(_logger, exception, record.Id, context.Request.Method, path);
        }
        else if (problem == ProblemTable.StorageFailed)
        {
            ServerLog.StorageFailed(_logger, record.Id, context.Request.Method, path, exception.Message);
        }

        ClearEntity(context.Response);
        await context.WriteProblemAsync(problem);
    }

    // What an endpoint has said of the content that does not come.
    private static void ClearEntity(HttpResponse response)
    {
        foreach (var name in new[] { "Docker-Content-Digest", "ETag", "Cache-Control", "Accept-Ranges", "Content-Range", "X-Cache", "Age" })
        {
            response.Headers.Remove(name);
        }
    }
}
