using System.Text;
using Registry.Storage.Blobs;
using Registry.Storage.Caches;
using Registry.Storage.Content;
using Registry.Storage.Layout;
using Registry.Storage.Referrers;
using Registry.Storage.Tags;

namespace Registry.Storage.Manifests;

/// <summary>The manifests of every repository. Thread-safe; blocking.</summary>
public sealed class ManifestStore
{
    /// <summary>Most bytes of manifests held in memory, with what was read from them.</summary>
    private const long MaxCachedBytes = 8 << 20;

    private readonly BoundedCache<(RepositoryName Name, Digest Digest), Warm> _cache = new(MaxCachedBytes);
    private readonly StoreLayout _layout;
    private readonly BlobStore _blobs;
    private readonly TagStore _tags;
    private readonly ReferrerIndex _referrers;
    private readonly Durability _disk;
    private readonly TimeProvider _time;

    internal ManifestStore(StoreLayout layout, Durability disk, BlobStore blobs, TagStore tags, ReferrerIndex referrers, TimeProvider time)
    {
        _referrers = referrers;
        _layout = layout;
        _disk = disk;
        _tags = tags;
        _blobs = blobs;
        _time = time;
    }

    /// <summary>A manifest of a repository, and that it was used now; null when the repository does not have it, or its bytes are gone.</summary>
    public StoredManifest? Find(RepositoryName name, Digest digest)
    {
        var now = _time.GetUtcNow();
        if (_cache.TryGet((name, digest), out var warm))
        {
            if (warm.Use.IsDue(now))
            {
                LinkFile.Use(_layout.Revision(name, digest), now);
            }

            return warm.Manifest;
        }

        var version = _cache.Version;
        var link = _layout.Revision(name, digest);
        if (LinkFile.Read(link) is not { } target || _blobs.Read(target, ManifestReader.MaxBytes) is not { } content)
        {
            return null;
        }

        LinkFile.Use(link, now);
        var manifest = ManifestReader.Read(content);
        var mediaType = manifest?.StatedMediaType
            ?? ReadType(name, digest)
            ?? manifest?.MediaType
            ?? MediaType.OctetStream;
        var found = new StoredManifest(digest, mediaType, content) { Parsed = manifest };
        _cache.Add((name, digest), new Warm(found, new LastUse(now)), Weight(found), version);
        return found;
    }

    /// <summary>Whether a repository has a manifest: its link, which alone a power cut may leave, and its bytes.</summary>
    public bool Has(RepositoryName name, Digest digest) =>
        LinkFile.Read(_layout.Revision(name, digest)) is { } target && _blobs.Length(target) is not null;

    /// <summary>Takes a manifest from a repository, durably; false when it does not have it. Tags that mean it are removed before.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool Delete(RepositoryName name, Digest digest)
    {
        if (!Has(name, digest))
        {
            return false;
        }

        // The link's directory goes too, so that the mtime above it tells of the change.
        var subject = Find(name, digest)?.Parsed?.Subject;
        _referrers.Change(
            name,
            () => Remove(name, digest),
            changed => _referrers.Remove(changed, digest, subject));
        _disk.SyncNames(_layout.Revisions(name, digest.Algorithm));
        return true;
    }

    /// <summary>
    /// Stores a manifest and sets tags to it, durably, in three waits for the disk: for the bytes, for the manifest's names, for the tags' names. So no power cut leaves
    /// a tag that means a manifest which is not there. The repository's kind is decided before.
    /// </summary>
    /// <exception cref="ArgumentException">The content does not have that digest.</exception>
    public void Put(RepositoryName name, StoredManifest stored, params IReadOnlyCollection<Tag> tags)
    {
        try
        {
            Write(name, stored, tags);
        }
        finally
        {
            _blobs.Forget(stored.Digest);
            _cache.Remove((name, stored.Digest));
        }
    }

    /// <summary>The digests of a repository's manifests, in no order.</summary>
    internal IEnumerable<Digest> Walk(RepositoryName name)
    {
        foreach (var algorithm in new[] { DigestAlgorithm.Sha256, DigestAlgorithm.Sha512 })
        {
            var directory = new DirectoryInfo(_layout.Revisions(name, algorithm));
            foreach (var entry in directory.Exists ? directory.EnumerateDirectories() : [])
            {
                if (Digest.TryParse(algorithm, entry.Name, out var digest))
                {
                    yield return digest;
                }
            }
        }
    }

    /// <summary>What refers to a manifest of a repository, which itself need not be there, in the order of their digests.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="subject">The manifest that is referred to.</param>
    /// <param name="after">The key of the entry after which to begin; null: with the first.</param>
    public IEnumerable<(string Key, Referrer Referrer)> Referrers(RepositoryName name, Digest subject, string? after) =>
        _referrers.List(name, subject, after, this);

    private void Write(RepositoryName name, StoredManifest stored, IReadOnlyCollection<Tag> tags)
    {
        using var batch = new WriteBatch(_disk);
        using var tagging = new WriteBatch(_disk);
        _blobs.Put(batch, stored.Digest, stored.Content.Span);
        var manifest = stored.Parsed ?? ManifestReader.Read(stored.Content.Span);
        if (manifest is null || (manifest.StatedMediaType is null && manifest.MediaType != stored.MediaType))
        {
            batch.Write(_layout.ManifestType(name, stored.Digest), Encoding.ASCII.GetBytes(stored.MediaType));
        }

        // Not beside: the mtime of the directory above tells the index of referrers of every change.
        LinkFile.Write(batch, _layout.Revision(name, stored.Digest), stored.Digest, _layout.Manifests(name));
        foreach (var tag in tags)
        {
            _tags.Stage(batch, tagging, name, tag, stored.Digest);
        }

        batch.SyncBytes();
        tagging.SyncBytes();
        Show(batch, name, stored, manifest);
        batch.SyncNames();
        _tags.Show(tagging, name, tags);
    }

    private void Show(WriteBatch batch, RepositoryName name, StoredManifest stored, Manifest? manifest)
    {
        if (Has(name, stored.Digest))
        {
            batch.GiveNames();
            return;
        }

        _referrers.Change(
            name,
            batch.GiveNames,
            changed =>
            {
                if (manifest is not null)
                {
                    _referrers.Add(changed, stored, manifest);
                }
            });
    }

    private void Remove(RepositoryName name, Digest digest)
    {
        try
        {
            Directory.Delete(Path.GetDirectoryName(_layout.Revision(name, digest))!, recursive: true);
        }
        finally
        {
            _cache.Remove((name, digest));
        }
    }

    // What was read from the JSON takes about as much as the JSON.
    private static int Weight(StoredManifest manifest) => 1024 + (2 * manifest.Content.Length);

    // It becomes a header's value, so a damaged file is taken for none.
    private string? ReadType(RepositoryName name, Digest digest) =>
        SmallFile.ReadText(_layout.ManifestType(name, digest), MediaType.MaxLength) is { } text && MediaType.IsWellFormed(text) ? text : null;

    private sealed record Warm(StoredManifest Manifest, LastUse Use);
}
