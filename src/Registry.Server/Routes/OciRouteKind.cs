namespace Registry.Server.Routes;

/// <summary>The resources of the OCI distribution API.</summary>
public enum OciRouteKind
{
    /// <summary>No resource of the API.</summary>
    None,

    /// <summary><c>/v2/</c>: whether the API is here.</summary>
    Base,

    /// <summary><c>/v2/NAME/manifests/REFERENCE</c>.</summary>
    Manifest,

    /// <summary><c>/v2/NAME/blobs/DIGEST</c>.</summary>
    Blob,

    /// <summary><c>/v2/NAME/blobs/uploads/…</c>.</summary>
    Upload,

    /// <summary><c>/v2/NAME/tags/list</c>.</summary>
    Tags,

    /// <summary><c>/v2/NAME/referrers/DIGEST</c>.</summary>
    Referrers,

    /// <summary><c>/v2/_catalog</c>.</summary>
    Catalog,

    /// <summary><c>/v2/token</c>: where clients get tokens.</summary>
    Token,
}
