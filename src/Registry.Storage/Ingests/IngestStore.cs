using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Ingests;

/// <summary>Content on its way into the store, under the digest that it is to have. Thread-safe; blocking.</summary>
public sealed class IngestStore
{
    private readonly StoreLayout _layout;
    private readonly Durability _disk;

    internal IngestStore(StoreLayout layout, Durability disk)
    {
        _layout = layout;
        _disk = disk;
    }

    /// <summary>
    /// Begins to bring content in, or goes on where an earlier ingest of the digest was left. At most one ingest of a digest may be open at a time: the caller sees to it.
    /// </summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public Ingest Begin(Digest digest)
    {
        var directory = _layout.Partial(digest);

        // Not synced before there is a checkpoint to be found again: readers wait for the first byte.
        Directory.CreateDirectory(directory);
        var data = Path.Join(directory, "data");
        var journal = Path.Join(directory, "map");
        var file = File.OpenHandle(data, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        try
        {
            return new Ingest(file, data, journal, _layout.Blob(digest), digest, _disk);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Removes the unfinished ingests that nothing was written to for so long; those of <paramref name="open"/> stay.</summary>
    /// <returns>The digests that were removed.</returns>
    public IReadOnlyList<Digest> Purge(DateTimeOffset before, Func<Digest, bool> open)
    {
        var removed = new List<Digest>();
        foreach (var algorithm in new[] { DigestAlgorithm.Sha256, DigestAlgorithm.Sha512 })
        {
            var parent = new DirectoryInfo(Path.Join(_layout.Partials, algorithm.Name()));
            foreach (var directory in parent.Exists ? parent.EnumerateDirectories() : [])
            {
                if (Digest.TryParse(algorithm, directory.Name, out var digest) && !open(digest) && LastWrite(directory) < before.UtcDateTime)
                {
                    directory.Delete(recursive: true);
                    removed.Add(digest);
                }
            }
        }

        return removed;
    }

    private static DateTime LastWrite(DirectoryInfo directory)
    {
        var data = new FileInfo(Path.Join(directory.FullName, "data"));
        return data.Exists ? data.LastWriteTimeUtc : directory.LastWriteTimeUtc;
    }
}
