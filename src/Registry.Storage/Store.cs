using Registry.Storage.Blobs;
using Registry.Storage.Ingests;
using Registry.Storage.Layout;
using Registry.Storage.Manifests;
using Registry.Storage.Reclaim;
using Registry.Storage.Referrers;
using Registry.Storage.Repositories;
using Registry.Storage.Tags;
using Registry.Storage.Uploads;

namespace Registry.Storage;

/// <summary>
/// The content of one data directory, owned by this process from opening to disposal. Opening walks nothing. Its roles are thread-safe.
/// </summary>
public sealed class Store : IDisposable
{
    private readonly StoreLock _lock;

    private Store(StoreLayout layout, Durability disk, StoreLock @lock, string? inheritFrom, TimeProvider time)
    {
        var locks = new BlobLocks();
        _lock = @lock;
        Layout = layout;
        Blobs = new BlobStore(layout, disk, locks, time);
        Ingests = new IngestStore(layout, disk);
        Kinds = new KindStore(layout, disk, inheritFrom);
        Catalog = new Catalog(layout);
        Layers = new LayerStore(layout, disk, Blobs, locks, time);
        Tags = new TagStore(layout, disk, time);
        Manifests = new ManifestStore(layout, disk, Blobs, Tags, new ReferrerIndex(layout), time);
        Uploads = new UploadStore(layout, disk, Blobs, Layers, time);
        Evictor = new Evictor(layout, Kinds, Layers, Blobs, locks, time);
        Room = new DiskRoom(layout.Root);
    }

    /// <summary>Where everything lies.</summary>
    public StoreLayout Layout { get; }

    /// <summary>Content by digest.</summary>
    public BlobStore Blobs { get; }

    /// <summary>Content on its way in.</summary>
    public IngestStore Ingests { get; }

    /// <summary>Whose content each repository holds.</summary>
    public KindStore Kinds { get; }

    /// <summary>Which repositories there are.</summary>
    public Catalog Catalog { get; }

    /// <summary>Which blobs each repository has.</summary>
    public LayerStore Layers { get; }

    /// <summary>Which manifests each repository has.</summary>
    public ManifestStore Manifests { get; }

    /// <summary>What each tag means.</summary>
    public TagStore Tags { get; }

    /// <summary>Pushes under way.</summary>
    public UploadStore Uploads { get; }

    /// <summary>Keeps a deletion from coming between a manifest and what it is made of.</summary>
    public RepositoryLocks Repositories { get; } = new();

    /// <summary>Where what waits for the disk runs.</summary>
    public DiskThreads Threads { get; } = new();

    /// <summary>What pushes may take of the disk.</summary>
    public DiskRoom Room { get; }

    /// <summary>Gives space back.</summary>
    public Evictor Evictor { get; }

    /// <summary>Opens the store under a directory, which is made if it is missing.</summary>
    /// <param name="options">Where it lies.</param>
    /// <param name="inheritFrom">The upstream whose content an old mirror's directory holds; null when there is no upstream.</param>
    /// <param name="time">The clock of uses and confirmations.</param>
    /// <exception cref="StoreUnavailableException">The directory cannot be written, or another process owns it.</exception>
    public static Store Open(StorageOptions options, string? inheritFrom, TimeProvider time)
    {
        var layout = new StoreLayout(options.RootDirectory);
        var disk = new Durability(layout.Root);
        var held = StoreLock.Take(layout, disk);
        return new Store(layout, disk, held, inheritFrom, time);
    }

    /// <summary>Whether the disk has room for so many bytes, as far as it says; true where it does not say.</summary>
    public bool HasRoomFor(long bytes)
    {
        try
        {
            return new DriveInfo(Layout.Root).AvailableFreeSpace > bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return true;
        }
    }

    /// <summary>Gives up the ownership. Files that are open stay readable.</summary>
    public void Dispose()
    {
        Uploads.Dispose();
        Repositories.Dispose();
        Blobs.Dispose();
        _lock.Dispose();
    }
}
