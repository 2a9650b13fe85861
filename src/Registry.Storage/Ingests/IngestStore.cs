using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Ingests;

/// <summary>Content on its way into the store, under the digest that it is to have. Thread-safe; blocking.</summary>
public sealed class IngestStore
{
    private readonly StoreLayout _layout;

    internal IngestStore(StoreLayout layout) => _layout = layout;

    /// <summary>Begins anew to bring content in. At most one ingest of a digest may be open at a time: the caller sees to it.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public Ingest Begin(Digest digest)
    {
        var directory = _layout.Partial(digest);
        Directory.CreateDirectory(directory);
        var path = Path.Join(directory, "data");
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        return new Ingest(file, path, _layout.Blob(digest), digest);
    }
}
