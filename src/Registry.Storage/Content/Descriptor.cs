namespace Registry.Storage.Content;

/// <summary>What a manifest says of the content that it names (OCI image specification, "Content Descriptors").</summary>
/// <param name="MediaType">The media type, as written.</param>
/// <param name="Digest">The digest of the content.</param>
/// <param name="Size">The size in bytes that the manifest claims; not verified.</param>
public readonly record struct Descriptor(string MediaType, Digest Digest, long Size);
