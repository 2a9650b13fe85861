using System.Globalization;
using Registry.Storage.Content;
using Registry.Storage.Layout;
using Registry.Storage.Manifests;

namespace Registry.Storage.Referrers;

/// <summary>
/// Which manifests of a repository refer to which. Made when it is first asked for, kept up by every push and delete, and made anew when the repository was changed
/// by somebody else. Thread-safe; blocking.
/// </summary>
/// <remarks>
/// The stamp says for which state of the revisions' directories, and in which run of the machine, the index is whole. So nothing of it needs to be synced: after a
/// power cut the stamp is another run's, and the index is made anew.
/// </remarks>
internal sealed class ReferrerIndex
{
    private const int MaxStampBytes = 256;
    private const int MaxDescriptorBytes = ManifestReader.MaxBytes;

    private static readonly string Boot = SmallFile.ReadText("/proc/sys/kernel/random/boot_id", MaxStampBytes)?.Trim() ?? "";

    // A repository's index is changed under one of these, so that different repositories seldom wait for each other.
    private readonly Lock[] _gates = [.. Enumerable.Range(0, 64).Select(static _ => new Lock())];
    private readonly StoreLayout _layout;

    internal ReferrerIndex(StoreLayout layout) => _layout = layout;

    /// <summary>What refers to a manifest, which itself need not be there, in the order of their digests.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="subject">The manifest that is referred to.</param>
    /// <param name="after">The entry after which to begin; null: with the first.</param>
    /// <param name="manifests">Where a repository's manifests are read, should the index have to be made.</param>
    public IEnumerable<(string Key, Referrer Referrer)> List(RepositoryName name, Digest subject, string? after, ManifestStore manifests)
    {
        lock (GateOf(name))
        {
            if (!IsWhole(name))
            {
                Rebuild(name, manifests);
            }
        }

        var directory = new DirectoryInfo(_layout.Referrers(name, subject));
        var keys = directory.Exists ? directory.EnumerateFiles().Select(static file => file.Name).Order(StringComparer.Ordinal).ToArray() : [];
        foreach (var key in keys)
        {
            // distribution deletes a link and leaves its directory, which does not show in the stamp.
            if ((after is null || string.CompareOrdinal(key, after) > 0)
                && TryReadKey(key, out var digest) && manifests.Has(name, digest)
                && SmallFile.Read(Path.Join(directory.FullName, key), MaxDescriptorBytes) is { } json
                && Referrer.Read(json) is { } referrer)
            {
                yield return (key, referrer);
            }
        }
    }

    /// <summary>Changes a repository's revisions and keeps the index up, if there is one.</summary>
    internal void Change(RepositoryName name, Action change, Action<RepositoryName> reflect)
    {
        lock (GateOf(name))
        {
            var isWhole = IsWhole(name);
            change();
            if (isWhole)
            {
                reflect(name);
                WriteStamp(name);
            }
        }
    }

    internal void Add(RepositoryName name, StoredManifest stored, Manifest manifest)
    {
        if (manifest.Subject is { } subject)
        {
            var directory = _layout.Referrers(name, subject);
            Directory.CreateDirectory(directory);
            WritePlain(Path.Join(directory, Key(stored.Digest)), Referrer.Of(stored, manifest).Descriptor.Span);
        }
    }

    internal void Remove(RepositoryName name, Digest digest, Digest? subject)
    {
        if (subject is { } referred && Directory.Exists(_layout.Referrers(name, referred)))
        {
            File.Delete(Path.Join(_layout.Referrers(name, referred), Key(digest)));
        }
    }

    private void Rebuild(RepositoryName name, ManifestStore manifests)
    {
        var root = _layout.Referrers(name);
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        if (!Directory.Exists(_layout.Manifests(name)))
        {
            return;
        }

        Directory.CreateDirectory(root);
        foreach (var digest in manifests.Walk(name))
        {
            if (manifests.Find(name, digest) is { Parsed: { } parsed } stored)
            {
                Add(name, stored, parsed);
            }
        }

        WriteStamp(name);
    }

    private bool IsWhole(RepositoryName name) => SmallFile.ReadText(StampPath(name), MaxStampBytes) == Stamp(name);

    private void WriteStamp(RepositoryName name) => WritePlain(StampPath(name), System.Text.Encoding.ASCII.GetBytes(Stamp(name)));

    private string StampPath(RepositoryName name) => Path.Join(_layout.Referrers(name), "stamp");

    private string Stamp(RepositoryName name) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Boot} {Changed(name, DigestAlgorithm.Sha256)} {Changed(name, DigestAlgorithm.Sha512)}");

    private long Changed(RepositoryName name, DigestAlgorithm algorithm) =>
        Directory.GetLastWriteTimeUtc(_layout.Revisions(name, algorithm)).Ticks;

    private Lock GateOf(RepositoryName name) => _gates[(uint)name.GetHashCode() % (uint)_gates.Length];

    private static string Key(Digest digest) => $"{digest.Algorithm.Name()}-{digest.Hex}";

    private static bool TryReadKey(string key, out Digest digest)
    {
        digest = default;
        var dash = key.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && DigestAlgorithms.TryParse(key.AsSpan(0, dash), out var algorithm)
            && Digest.TryParse(algorithm, key.AsSpan(dash + 1), out digest);
    }

    private static void WritePlain(string path, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, content, 0);
    }
}
