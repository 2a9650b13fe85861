using Registry.Storage.Content;

namespace Registry.Storage.Manifests;

/// <summary>A manifest as it is stored. Immutable; the bytes are shared and must not be changed.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="MediaType">Its media type, to be sent as it stands.</param>
/// <param name="Content">Its exact bytes.</param>
public sealed record StoredManifest(Digest Digest, string MediaType, ReadOnlyMemory<byte> Content)
{
    /// <summary>The content that it is made of, as far as that was read.</summary>
    public IReadOnlyList<Descriptor> Contents { get; init; } = [];
}
