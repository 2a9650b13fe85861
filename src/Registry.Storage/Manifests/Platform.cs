namespace Registry.Storage.Manifests;

/// <summary>What a manifest of an index is for (OCI image index specification, <c>platform</c>). Immutable.</summary>
/// <param name="Os">The operating system, as Go names it.</param>
/// <param name="Architecture">The architecture, as Go names it.</param>
public sealed record Platform(string Os, string Architecture);
