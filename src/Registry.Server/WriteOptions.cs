namespace Registry.Server;

/// <summary>What may be written through the API. Immutable.</summary>
public sealed record WriteOptions
{
    /// <summary>Whether every write is answered with 405 (<c>storage.maintenance.readonly</c>).</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether DELETE is there (<c>storage.delete.enabled</c>).</summary>
    public bool AllowsDelete { get; init; }

    /// <summary>Why nobody may push, in a sentence or two for the client; null: pushes are taken.</summary>
    public string? PushRefusal { get; init; }

    /// <summary>What a manifest is held against.</summary>
    public ValidationOptions Validation { get; init; } = new();

    /// <summary>Largest manifest that is taken, in bytes (<c>http.limits.manifest</c>); at most what the store keeps.</summary>
    public int MaxManifestBytes { get; init; } = Storage.Manifests.ManifestReader.MaxBytes;
}
