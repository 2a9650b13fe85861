using System.Security.Cryptography;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Repositories;
using Xunit;

namespace Registry.EndToEnd.PowerCuts;

/// <summary>Looks at what a power cut left through the store's own eyes, and at every file of it.</summary>
internal sealed class StoreInspection : IDisposable
{
    private const int MostFaults = 10;

    private readonly Store _store;
    private readonly List<string> _faults = [];

    /// <summary>Opens the store, which must succeed.</summary>
    public StoreInspection(string root) => _store = Store.Open(new StorageOptions { RootDirectory = root }, inheritFrom: null, TimeProvider.System);

    /// <summary>How many bytes the journals of unfinished fetches claim, of those that were looked at.</summary>
    public long Claimed { get; private set; }

    /// <summary>All that was promised is there, and right.</summary>
    public StoreInspection Keeps(Promises promised)
    {
        foreach (var (repository, digest) in promised.Blobs)
        {
            Expect(HasBlob(repository, digest), $"{repository} has lost the blob {digest}");
        }

        foreach (var (repository, digest) in promised.Manifests)
        {
            Expect(IsWhole(repository, digest), $"{repository} has lost the manifest {digest}");
        }

        foreach (var ((repository, tag), digest) in promised.Tags)
        {
            var found = _store.Tags.Find(repository, tag)?.Digest;
            Expect(found is not null && (digest is null || found == digest), $"{repository}:{tag.Value} means {found}, not {digest}");
        }

        return this;
    }

    /// <summary>Whatever can be seen is whole, promised or not; every repository is of that kind.</summary>
    public StoreInspection ShowsNothingHalf(RepositoryKind kind)
    {
        var blobs = Path.Join(_store.Layout.Root, "docker/registry/v2/blobs");
        foreach (var file in Files(blobs, "data"))
        {
            Expect(file.Contains(Hash(file), StringComparison.Ordinal), $"{file} does not hold what its name says");
        }

        foreach (var name in _store.Kinds.Walk())
        {
            ShowsNothingHalf(name, kind);
        }

        return this;
    }

    /// <summary>What the journals of unfinished fetches claim is there.</summary>
    /// <param name="contents">The upstream's blobs.</param>
    public StoreInspection HoldsWhatItsMapsClaim(IReadOnlyDictionary<Digest, byte[]> contents)
    {
        foreach (var (digest, content) in contents.Where(pair => Directory.Exists(_store.Layout.Partial(pair.Key))))
        {
            var ingest = _store.Ingests.Begin(digest);
            Claimed += ingest.Restored.Received;
            foreach (var segment in ingest.Restored.Segments)
            {
                var bytes = new byte[segment.Length];
                var isRight = RandomAccess.Read(ingest.Handle, bytes, segment.First) == bytes.Length
                    && bytes.AsSpan().SequenceEqual(content.AsSpan((int)segment.First, bytes.Length));
                Expect(isRight, $"the map of {digest} claims {segment.First}-{segment.End}, which are not there");
            }

            ingest.Release();
        }

        return this;
    }

    /// <summary>Fails with what is wrong, if anything is.</summary>
    public void AssertRight(string when) => Assert.True(_faults.Count == 0, $"{when}:\n{string.Join('\n', _faults.Take(MostFaults))}");

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private void ShowsNothingHalf(RepositoryName name, RepositoryKind kind)
    {
        var links = Files(_store.Layout.Layers(name), "link").Concat(Files(_store.Layout.Manifests(name), "link")).ToList();
        if (links.Count > 0)
        {
            Expect(File.Exists(_store.Layout.Kind(name)) && _store.Kinds.Find(name) == kind, $"{name} has links, and is not known to be {kind}");
        }

        foreach (var link in links)
        {
            // A repository's link to a blob that is not there shows nothing: the blob is answered for as unknown, and can be pushed.
            Expect(Digest.TryParse(File.ReadAllText(link), out _), $"{link} holds no digest");
        }

        foreach (var digest in Files(Path.Join(_store.Layout.Manifests(name), "revisions"), "link").Select(static link => Digest.Parse($"sha256:{Path.GetFileName(Path.GetDirectoryName(link))}")))
        {
            Expect(!_store.Manifests.Has(name, digest) || IsWhole(name, digest), $"{name} shows the manifest {digest}, which is not whole");
        }

        foreach (var tag in _store.Tags.List(name, count: null, last: null).Tags)
        {
            Expect(
                _store.Tags.Find(name, Tag.Parse(tag)) is { } entry && IsWhole(name, entry.Digest), $"{name} shows the tag {tag}, which means no manifest of it");
        }
    }

    private bool HasBlob(RepositoryName repository, Digest digest) =>
        _store.Layers.Find(repository, digest) is { } stored && File.Exists(_store.Layout.Blob(stored)) && Hash(_store.Layout.Blob(stored)) == stored.Hex;

    private bool IsWhole(RepositoryName repository, Digest digest) =>
        _store.Manifests.Find(repository, digest) is { Parsed: not null } found && Digest.Of(digest.Algorithm, found.Content.Span) == digest;

    private void Expect(bool condition, string otherwise)
    {
        if (!condition)
        {
            _faults.Add(otherwise);
        }
    }

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(file.Contains("/sha512/", StringComparison.Ordinal) ? SHA512.HashData(stream) : SHA256.HashData(stream));
    }

    private static IEnumerable<string> Files(string directory, string name) =>
        Directory.Exists(directory) ? Directory.EnumerateFiles(directory, name, SearchOption.AllDirectories) : [];
}
