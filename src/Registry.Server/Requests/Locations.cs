using Microsoft.AspNetCore.Http;

namespace Registry.Server.Requests;

/// <summary>Makes <c>Location</c> headers: relative, so that they are right behind any proxy, unless a public address is configured. Immutable.</summary>
internal sealed class Locations(ServerOptions options)
{
    private readonly string _origin = options.Host is { } host ? host.GetLeftPart(UriPartial.Authority) : "";
    private readonly string _prefix = options.Prefix.TrimEnd('/');

    /// <summary>The location of what lies under <c>/v2/</c>; an <c>ns</c> of the request is kept.</summary>
    public string Of(HttpContext context, string path)
    {
        var ns = context.Request.QueryString.HasValue ? context.Request.Query["ns"].ToString() : "";
        return ns.Length == 0 ? $"{_origin}{_prefix}/v2/{path}" : $"{_origin}{_prefix}/v2/{path}?ns={Uri.EscapeDataString(ns)}";
    }
}
