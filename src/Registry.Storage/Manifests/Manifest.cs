using Registry.Storage.Content;

namespace Registry.Storage.Manifests;

/// <summary>What is read from a manifest's JSON. Immutable.</summary>
public sealed record Manifest
{
    /// <summary>The <c>mediaType</c> that the JSON states; null when it states none.</summary>
    public string? StatedMediaType { get; init; }

    /// <summary>Whether the JSON has a list of <c>manifests</c>, as indexes do.</summary>
    public bool IsIndex { get; init; }

    /// <summary>The blobs that the manifest is made of: config and layers.</summary>
    public IReadOnlyList<Descriptor> Blobs { get; init; } = [];

    /// <summary>The manifests of an index.</summary>
    public IReadOnlyList<Descriptor> Manifests { get; init; } = [];

    /// <summary>The manifest that this one refers to; null when it refers to none.</summary>
    public Descriptor? Subject { get; init; }

    /// <summary>The <c>artifactType</c> that the JSON states; null when it states none.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>The config; null when there is none.</summary>
    public Descriptor? Config { get; init; }

    /// <summary>The <c>schemaVersion</c>; null when there is none.</summary>
    public int? SchemaVersion { get; init; }

    /// <summary>Whether something that stands where a descriptor should is none.</summary>
    public bool IsMalformed { get; init; }

    /// <summary>Everything that the manifest is made of.</summary>
    public IEnumerable<Descriptor> Contents => Blobs.Concat(Manifests);

    /// <summary>The stated media type, else the one that distribution takes such JSON for.</summary>
    public string MediaType => StatedMediaType ?? (IsIndex ? Content.MediaType.OciIndex : Content.MediaType.OciManifest);
}
