using Registry.Storage.Content;

namespace Registry.Storage.Manifests;

/// <summary>What is read from a manifest's JSON. Immutable.</summary>
public sealed record Manifest
{
    /// <summary>The <c>mediaType</c> that the JSON states; null when it states none.</summary>
    public string? StatedMediaType { get; init; }

    /// <summary>Whether the JSON has a list of <c>manifests</c>, as indexes do.</summary>
    public bool IsIndex { get; init; }

    /// <summary>The content that the manifest is made of: config and layers, or the manifests of an index. What does not parse as a descriptor is left out.</summary>
    public IReadOnlyList<Descriptor> Contents { get; init; } = [];

    /// <summary>The stated media type, else the one that distribution takes such JSON for.</summary>
    public string MediaType => StatedMediaType ?? (IsIndex ? Content.MediaType.OciIndex : Content.MediaType.OciManifest);
}
