namespace Registry.Load.Content;

/// <summary>An image that a registry has. Immutable.</summary>
/// <param name="Manifest">The digest of its manifest.</param>
/// <param name="Layers">The digests of its layers.</param>
internal sealed record PushedImage(string Manifest, IReadOnlyList<string> Layers);
