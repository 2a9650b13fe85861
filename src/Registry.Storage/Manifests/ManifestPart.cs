using Registry.Storage.Content;

namespace Registry.Storage.Manifests;

/// <summary>One piece of content that a manifest is made of.</summary>
/// <param name="Kind">What it is to the manifest.</param>
/// <param name="Digest">The digest of the content.</param>
/// <param name="Size">The size in bytes that the manifest claims, from 0 on; not verified.</param>
/// <param name="IsForeign">Whether registries need not hold the content: a layer that may not be distributed and says where else it lies.</param>
/// <param name="IsOfPlatform">Whether it is for one of the platforms that the reader was given.</param>
public readonly record struct ManifestPart(ManifestPartKind Kind, Digest Digest, long Size, bool IsForeign = false, bool IsOfPlatform = false);
