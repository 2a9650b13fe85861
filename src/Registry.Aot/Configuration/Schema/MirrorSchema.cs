using Registry.Aot.Configuration.Tree;
using static Registry.Aot.Configuration.Schema.Key;

namespace Registry.Aot.Configuration.Schema;

/// <summary>The keys of <c>mirror</c>, and of distribution's short form of it, <c>proxy</c>.</summary>
internal static class MirrorSchema
{
    /// <summary><c>proxy</c>.</summary>
    public static SectionShape Proxy { get; } = new(
        Acts("remoteurl", Shapes.UpstreamUrl("username and password")),
        Acts("username", Shapes.Text),
        Acts("password", Shapes.Secret),
        ActsLater("ttl", Bounds.Age),
        Foreign("exec"),
        Foreign("cachewritetimeout"));

    /// <summary>An item of <c>mirror.upstreams[].endpoints</c>. A single value is its URL.</summary>
    public static SectionShape Endpoint { get; } = new(
        Acts("url", Shapes.UpstreamUrl("username and passwordfile")),
        Acts("username", Shapes.Text),
        Acts("password", Shapes.Secret),
        Acts("passwordfile", Shapes.Path))
    {
        Shorthand = scalar => new MapNode(scalar.Origin, [new MapEntry("url", scalar.Origin, scalar)]),
    };

    /// <summary>An item of <c>mirror.upstreams</c>.</summary>
    public static SectionShape Upstream { get; } = new(
        Acts("name", Shapes.Host),
        Acts("endpoints", new ListShape(Endpoint)),
        Acts("username", Shapes.Text),
        Acts("password", Shapes.Secret),
        Acts("passwordfile", Shapes.Path),
        Acts("freshness", Bounds.Age),
        ActsLater("ttl", Bounds.Age),
        Acts("proxy", Shapes.ProxyUrl),
        Acts("ca", Shapes.Path),
        Acts("bandwidth", Bounds.Bytes),
        Acts("realms", new ListShape(Shapes.Host)),
        Acts("stalefor", Bounds.Age));

    /// <summary><c>mirror.fetch</c>.</summary>
    public static SectionShape Fetch { get; } = new(
        Acts("connections", Shapes.Integer(1, 256)),
        Acts("perupstream", Shapes.Integer(1, 4096)),
        Acts("total", Shapes.Integer(1, 65_536)),
        Acts("minsegment", Shapes.Size(64 << 10, 1L << 40)),
        Acts("stalltimeout", Bounds.Timeout),
        Acts("retryfor", Bounds.TimeoutOrNone),
        Acts("finish", Shapes.Flag),
        Acts("partialttl", Bounds.Age));

    /// <summary><c>mirror</c>.</summary>
    public static SectionShape Section { get; } = new(
        Acts("default", Shapes.Host),
        Acts("upstreams", new ListShape(Upstream)),
        Acts("local", new ListShape(Shapes.Pattern)),
        Acts("fetch", Fetch),
        Acts("cache", new SectionShape(
            ActsLater("maxsize", Bounds.Bytes),
            ActsLater("minfree", Shapes.SizeOrShare))));
}
