using Registry.Storage.Uploads;

namespace Registry.Storage;

/// <summary>Where and how content is kept. Immutable.</summary>
public sealed record StorageOptions
{
    /// <summary>The directory that holds <c>docker/registry/v2</c> and our own <c>mirror</c> (<c>storage.filesystem.rootdirectory</c>).</summary>
    public string RootDirectory { get; init; } = "/var/lib/registry";

    /// <summary>What becomes of uploads that nobody goes on with.</summary>
    public UploadPurgeOptions UploadPurge { get; init; } = new();
}
