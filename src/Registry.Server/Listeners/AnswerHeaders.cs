using Microsoft.AspNetCore.Http;
using Registry.Server.Requests;

namespace Registry.Server.Listeners;

/// <summary>The headers of every answer: those configured, HSTS over TLS, and what browsers of other origins need. What is configured by hand wins, so that none stands twice. Immutable.</summary>
internal sealed class AnswerHeaders(ServerOptions options)
{
    private const string AccessControl = "Access-Control-";
    private const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private const string RequestHeaders = "Authorization, Accept, Content-Type, Content-Range, If-None-Match, Range";
    private const string ResponseHeaders =
        "Docker-Content-Digest, Docker-Distribution-API-Version, Docker-Upload-UUID, ETag, Link, Location, OCI-Subject, OCI-Filters-Applied, Range, Retry-After, WWW-Authenticate, X-Request-Id";

    /// <summary>A day: what is allowed changes only with the configuration.</summary>
    private const string PreflightAge = "86400";

    private readonly bool _hasAccessControl =
        options.CorsOrigins.Count > 0 || options.Headers.Any(static header => header.Key.StartsWith(AccessControl, StringComparison.OrdinalIgnoreCase));

    private readonly bool _allowsAnyOrigin = options.CorsOrigins.Contains("*");

    private readonly string? _hsts = options.HstsMaxAge is { } age ? $"max-age={age.TotalSeconds:0}" : null;

    /// <summary>Puts them on an answer that has none yet.</summary>
    public void Apply(HttpContext context, RequestRecord record)
    {
        var headers = context.Response.Headers;
        foreach (var (name, value) in options.Headers)
        {
            headers.Append(name, value);
        }

        headers.TryAdd("Docker-Distribution-API-Version", "registry/2.0");
        headers["X-Request-Id"] = record.Id;
        if (_hsts is not null && record.Origin.Scheme == "https")
        {
            headers.TryAdd("Strict-Transport-Security", _hsts);
        }

        if (options.CorsOrigins.Count > 0)
        {
            ApplyCors(context.Request, headers);
        }
    }

    /// <summary>Answers a preflight, or any other question for what is allowed; false: it is none, or nothing is said of that here.</summary>
    public bool AnswersOptions(HttpContext context)
    {
        if (!_hasAccessControl || !HttpMethods.IsOptions(context.Request.Method))
        {
            return false;
        }

        if (options.CorsOrigins.Count > 0)
        {
            var headers = context.Response.Headers;
            headers.TryAdd("Access-Control-Allow-Methods", Methods);
            headers.TryAdd("Access-Control-Allow-Headers", RequestHeaders);
            headers.TryAdd("Access-Control-Max-Age", PreflightAge);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    private void ApplyCors(HttpRequest request, IHeaderDictionary headers)
    {
        if (headers.ContainsKey("Access-Control-Allow-Origin"))
        {
            return;
        }

        if (_allowsAnyOrigin)
        {
            headers["Access-Control-Allow-Origin"] = "*";
        }
        else
        {
            headers.Append("Vary", "Origin");
            if (request.Headers.Origin is not [{ } origin] || !options.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            {
                return;
            }

            headers["Access-Control-Allow-Origin"] = origin;
            headers.TryAdd("Access-Control-Allow-Credentials", "true");
        }

        headers.TryAdd("Access-Control-Expose-Headers", ResponseHeaders);
    }
}
