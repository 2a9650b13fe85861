namespace Registry.Storage.Repositories;

/// <summary>What became of the wish to forget a repository's kind.</summary>
public enum ReleaseOutcome
{
    /// <summary>It is forgotten: the next push or pull decides anew.</summary>
    Released,

    /// <summary>There is no such repository.</summary>
    Unknown,

    /// <summary>The repository still holds blobs, manifests or tags.</summary>
    NotEmpty,
}
