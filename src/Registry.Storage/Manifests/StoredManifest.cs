using Registry.Storage.Content;

namespace Registry.Storage.Manifests;

/// <summary>A manifest as it is stored. Immutable; the bytes are shared and must not be changed.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="MediaType">Its media type, to be sent as it stands.</param>
/// <param name="Content">Its exact bytes.</param>
public sealed record StoredManifest(Digest Digest, string MediaType, ReadOnlyMemory<byte> Content)
{
    /// <summary>What was read from its JSON; null when that is no JSON object.</summary>
    public Manifest? Parsed { get; init; }

    /// <summary>The digest as text, made once.</summary>
    public string DigestText => field ??= Digest.ToString();

    /// <summary>The digest as an entity tag (RFC 9110, 8.8.3), made once.</summary>
    public string EntityTag => field ??= $"\"{DigestText}\"";
}
