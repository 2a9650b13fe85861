namespace Registry.Server.Routes;

/// <summary>
/// A path of the OCI distribution API, taken apart but not believed: name and reference are still to be parsed. Parsed from the right, since a name may hold parts that
/// are called <c>blobs</c>, <c>manifests</c>, <c>tags</c> or <c>uploads</c>. Allocates nothing.
/// </summary>
public readonly ref struct OciRoute
{
    private const string Root = "/v2";

    private OciRoute(OciRouteKind kind, ReadOnlySpan<char> name = default, ReadOnlySpan<char> reference = default)
    {
        Kind = kind;
        Name = name;
        Reference = reference;
    }

    /// <summary>Which resource.</summary>
    public OciRouteKind Kind { get; }

    /// <summary>What stands where the repository's name should; empty where there is none.</summary>
    public ReadOnlySpan<char> Name { get; }

    /// <summary>What stands where the tag, the digest or the upload's id should.</summary>
    public ReadOnlySpan<char> Reference { get; }

    /// <summary>Takes a path apart that begins with a slash and is decoded.</summary>
    public static OciRoute Parse(ReadOnlySpan<char> path)
    {
        if (!path.StartsWith(Root) || (path.Length > Root.Length && path[Root.Length] != '/'))
        {
            return default;
        }

        var rest = path[Root.Length..].TrimStart('/');
        if (rest.IsEmpty)
        {
            return new OciRoute(OciRouteKind.Base);
        }

        if (rest is "_catalog")
        {
            return new OciRoute(OciRouteKind.Catalog);
        }

        if (rest is "token")
        {
            return new OciRoute(OciRouteKind.Token);
        }

        var (before, last) = SplitLast(rest);
        var (name, resource) = SplitLast(before);
        if (name.IsEmpty)
        {
            return default;
        }

        return resource switch
        {
            "manifests" => new OciRoute(OciRouteKind.Manifest, name, last),
            "blobs" when last is not "uploads" => new OciRoute(OciRouteKind.Blob, name, last),
            "blobs" => new OciRoute(OciRouteKind.Upload, name),
            "tags" when last is "list" => new OciRoute(OciRouteKind.Tags, name),
            "referrers" => new OciRoute(OciRouteKind.Referrers, name, last),
            "uploads" when SplitLast(name) is { Last: "blobs", Before.IsEmpty: false } upload => new OciRoute(OciRouteKind.Upload, upload.Before, last),
            _ => default,
        };
    }

    private static Split SplitLast(ReadOnlySpan<char> path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? new Split(default, path) : new Split(path[..slash], path[(slash + 1)..]);
    }

    private readonly ref struct Split(ReadOnlySpan<char> before, ReadOnlySpan<char> last)
    {
        public ReadOnlySpan<char> Before { get; } = before;

        public ReadOnlySpan<char> Last { get; } = last;

        public void Deconstruct(out ReadOnlySpan<char> before, out ReadOnlySpan<char> last)
        {
            before = Before;
            last = Last;
        }
    }
}
