namespace Registry.Storage.Repositories;

/// <summary>Whose content a repository holds.</summary>
public enum RepositoryKindName
{
    /// <summary>Pushed here; never asked upstream, never evicted.</summary>
    Local,

    /// <summary>Brought from an upstream by us.</summary>
    Mirrored,

    /// <summary>Found in a directory in which distribution was a mirror: asked upstream, not evicted before the upstream has confirmed it.</summary>
    Inherited,
}
