namespace Registry.Server.Access;

/// <summary>What may be done to a repository (<c>access.rules.actions</c>).</summary>
[Flags]
public enum RepositoryActions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read manifests, blobs, tags and referrers, and see the repository in the catalog.</summary>
    Pull = 1,

    /// <summary>Upload blobs and manifests.</summary>
    Push = 2,

    /// <summary>Delete manifests, tags and blobs.</summary>
    Delete = 4,

    /// <summary>Administer the registry; no route of the API needs it yet.</summary>
    Admin = 8,
}
