using System.Collections.Concurrent;
using Registry.Storage.Content;

namespace Registry.Testing.Images;

/// <summary>All repositories of a scripted upstream. Thread-safe.</summary>
public sealed class UpstreamContent
{
    private readonly ConcurrentDictionary<string, UpstreamRepository> _repositories = new(StringComparer.Ordinal);
    private long _seed;

    /// <summary>
    /// Adds an image of one platform. Layers of equal sizes differ, and so do two images with layers of the same sizes.
    /// </summary>
    /// <param name="repository">The repository's name, for example <c>library/alpine</c>.</param>
    /// <param name="tag">The tag that shall point to it (moved if it exists); null for an image that only its digest names.</param>
    /// <param name="layers">Sizes of the layers in bytes; each rounded up to tar blocks of 512, at least 2048.</param>
    /// <param name="form">OCI's or Docker's media types.</param>
    /// <param name="architecture">The architecture as Go names it.</param>
    public Image AddImage(
        string repository, string? tag, IEnumerable<long> layers, ImageForm form = ImageForm.Oci, string architecture = "amd64")
    {
        var layerType = ManifestText.LayerType(form);
        var blobs = layers
            .Select(size => AddBlob(repository, new LayerContent((ulong)Interlocked.Increment(ref _seed), size), layerType))
            .ToArray();
        var text = ManifestText.Config(architecture, blobs.Select(b => b.Digest));
        var config = AddBlob(repository, new MemoryContent(text), ManifestText.ConfigType(form));
        var manifest = AddManifest(
            repository, tag, ManifestText.ManifestType(form), new MemoryContent(ManifestText.Manifest(form, config, blobs)));
        return new Image(manifest, config, blobs, architecture);
    }

    /// <summary>Adds an index (or Docker's manifest list) of images that the repository holds.</summary>
    public Descriptor AddIndex(string repository, string? tag, IEnumerable<Image> images, ImageForm form = ImageForm.Oci) =>
        AddManifest(repository, tag, ManifestText.IndexType(form), new MemoryContent(ManifestText.Index(form, images)));

    /// <summary>Adds a manifest of any kind, right or wrong, and lets the tag, if any, point to it.</summary>
    public Descriptor AddManifest(string repository, string? tag, string mediaType, BlobContent content)
    {
        var held = Repository(repository);
        held.Manifests[content.Digest] = (mediaType, content);
        if (tag is not null)
        {
            held.Tags[tag] = content.Digest;
        }

        return new Descriptor(mediaType, content.Digest, content.Length);
    }

    /// <summary>Adds a blob. Hashes it, which takes about a second per gigabyte.</summary>
    public Descriptor AddBlob(string repository, BlobContent content, string mediaType = MediaType.OctetStream)
    {
        Repository(repository).Blobs[content.Digest] = content;
        return new Descriptor(mediaType, content.Digest, content.Length);
    }

    /// <summary>Takes a tag away; what it pointed to stays reachable by digest.</summary>
    public void RemoveTag(string repository, string tag) => Repository(repository).Tags.TryRemove(tag, out _);

    /// <summary>The bytes behind a descriptor of this upstream.</summary>
    /// <exception cref="KeyNotFoundException">No repository holds them.</exception>
    public BlobContent Content(Digest digest)
    {
        foreach (var held in _repositories.Values)
        {
            if (held.Blobs.TryGetValue(digest, out var blob))
            {
                return blob;
            }

            if (held.Manifests.TryGetValue(digest, out var manifest))
            {
                return manifest.Content;
            }
        }

        throw new KeyNotFoundException($"No content {digest}.");
    }

    internal UpstreamRepository? Find(string repository) => _repositories.GetValueOrDefault(repository);

    private UpstreamRepository Repository(string name) => _repositories.GetOrAdd(name, static _ => new UpstreamRepository());
}
