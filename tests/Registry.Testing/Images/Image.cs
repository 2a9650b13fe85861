using Registry.Storage.Content;

namespace Registry.Testing.Images;

/// <summary>One image of one platform, as it was put into a scripted upstream.</summary>
/// <param name="Manifest">The manifest's descriptor.</param>
/// <param name="Config">The configuration's descriptor; its digest is the image's ID for docker and podman.</param>
/// <param name="Layers">The layers, lowest first.</param>
/// <param name="Architecture">The architecture as Go names it; the system is always linux.</param>
public sealed record Image(Descriptor Manifest, Descriptor Config, IReadOnlyList<Descriptor> Layers, string Architecture)
{
    /// <summary>Configuration and layers: all blobs that a client fetches.</summary>
    public IEnumerable<Descriptor> Blobs => Layers.Prepend(Config);
}
