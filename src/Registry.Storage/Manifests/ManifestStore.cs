using System.Text;
using Registry.Storage.Blobs;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Manifests;

/// <summary>The manifests of every repository. Thread-safe; blocking.</summary>
public sealed class ManifestStore
{
    private readonly StoreLayout _layout;
    private readonly BlobStore _blobs;
    private readonly TimeProvider _time;

    internal ManifestStore(StoreLayout layout, BlobStore blobs, TimeProvider time)
    {
        _layout = layout;
        _blobs = blobs;
        _time = time;
    }

    /// <summary>A manifest of a repository, and that it was used now; null when the repository does not have it, or its bytes are gone.</summary>
    public StoredManifest? Find(RepositoryName name, Digest digest)
    {
        var link = _layout.Revision(name, digest);
        if (LinkFile.Read(link) is not { } target || _blobs.Read(target, ManifestReader.MaxBytes) is not { } content)
        {
            return null;
        }

        LinkFile.Use(link, _time.GetUtcNow());
        var manifest = ManifestReader.Read(content);
        var mediaType = manifest?.StatedMediaType
            ?? ReadType(name, digest)
            ?? manifest?.MediaType
            ?? MediaType.OctetStream;
        return new StoredManifest(digest, mediaType, content) { Contents = manifest?.Contents ?? [] };
    }

    /// <summary>Stores a manifest, durably. The repository's kind is decided before.</summary>
    /// <exception cref="ArgumentException">The content does not have that digest.</exception>
    public void Put(RepositoryName name, StoredManifest stored)
    {
        _blobs.Put(stored.Digest, stored.Content.Span);
        var manifest = ManifestReader.Read(stored.Content.Span);
        if (manifest is null || (manifest.StatedMediaType is null && manifest.MediaType != stored.MediaType))
        {
            Durability.WriteFile(_layout.ManifestType(name, stored.Digest), Encoding.ASCII.GetBytes(stored.MediaType));
        }

        var link = _layout.Revision(name, stored.Digest);
        if (LinkFile.Read(link) is null)
        {
            LinkFile.Write(link, stored.Digest);
        }
    }

    // It becomes a header's value, so a damaged file is taken for none.
    private string? ReadType(RepositoryName name, Digest digest) =>
        SmallFile.ReadText(_layout.ManifestType(name, digest), MediaType.MaxLength) is { } text && MediaType.IsWellFormed(text) ? text : null;
}
