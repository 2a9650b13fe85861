using System.Collections.Concurrent;
using Registry.Storage.Content;

namespace Registry.Testing.Images;

/// <summary>What one repository of the upstream holds. Thread-safe: content may be added and tags moved while clients read.</summary>
internal sealed class UpstreamRepository
{
    public ConcurrentDictionary<Digest, BlobContent> Blobs { get; } = new();

    public ConcurrentDictionary<Digest, (string MediaType, BlobContent Content)> Manifests { get; } = new();

    public ConcurrentDictionary<string, Digest> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>The digest that a tag or a digest stands for, if there is such a manifest.</summary>
    public bool TryResolve(string reference, out Digest digest) =>
        Digest.TryParse(reference, out digest) ? Manifests.ContainsKey(digest) : Tags.TryGetValue(reference, out digest);
}
