using System.Collections.Immutable;
using Registry.Storage.Content;

namespace Registry.Storage.Manifests;

/// <summary>What is read from a manifest's JSON. Immutable.</summary>
public sealed record Manifest
{
    /// <summary>The <c>mediaType</c> that the JSON states; null when it states none.</summary>
    public string? StatedMediaType { get; init; }

    /// <summary>Whether the JSON has a list of <c>manifests</c>, as indexes do.</summary>
    public bool IsIndex { get; init; }

    /// <summary>Everything that the manifest is made of, in the order in which it stands there.</summary>
    public ImmutableArray<ManifestPart> Contents { get; init; } = [];

    /// <summary>The manifest that this one refers to; null when it refers to none.</summary>
    public Digest? Subject { get; init; }

    /// <summary>The <c>artifactType</c> that the JSON states; null when it states none.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Whether there is a config.</summary>
    public bool HasConfig { get; init; }

    /// <summary>Whether there are layers.</summary>
    public bool HasLayers { get; init; }

    /// <summary>The media type that the config has; null when there is no config, or none that it states.</summary>
    public string? ConfigMediaType { get; init; }

    /// <summary>The <c>schemaVersion</c>; null when there is none.</summary>
    public int? SchemaVersion { get; init; }

    /// <summary>Whether something that stands where a descriptor should is none.</summary>
    public bool IsMalformed { get; init; }

    /// <summary>The stated media type, else the one that distribution takes such JSON for.</summary>
    public string MediaType => StatedMediaType ?? (IsIndex ? Content.MediaType.OciIndex : Content.MediaType.OciManifest);
}
