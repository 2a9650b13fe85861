namespace Registry.Storage.Content;

/// <summary>What a manifest says of the content that it names (OCI image specification, "Content Descriptors").</summary>
/// <param name="MediaType">The media type, as written.</param>
/// <param name="Digest">The digest of the content.</param>
/// <param name="Size">The size in bytes that the manifest claims; not verified.</param>
public readonly record struct Descriptor(string MediaType, Digest Digest, long Size)
{
    /// <summary>Whether it names places to load the content from.</summary>
    public bool HasUrls { get; init; }

    /// <summary>Whether registries need not hold the content: a layer that may not be distributed, or lies elsewhere.</summary>
    public bool IsForeign => HasUrls
        && (MediaType.Contains(".nondistributable.", StringComparison.Ordinal) || MediaType.Contains(".foreign.", StringComparison.Ordinal));
}
