using Registry.Aot.Configuration.Schema;
using Registry.Storage;
using Registry.Storage.Uploads;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>storage</c>.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class StorageBinder(Diagnostics found)
{
    private const string RootOfFile = "/var/lib/registry";
    private const string RootWithoutFile = "./data";

    /// <summary>Binds the section.</summary>
    public StorageOptions Bind(SectionReader storage, bool hasFile)
    {
        var drivers = storage.Entries.Where(entry => StorageSchema.Drivers.Contains(entry.Name)).ToList();
        if (drivers.Count > 1)
        {
            found.Error(drivers[1].Origin, $"storage has the driver '{drivers[1].Name}' beside '{drivers[0].Name}' at {drivers[0].Origin}; expected one driver");
        }

        foreach (var driver in drivers.Where(driver => driver.Name != StorageSchema.FileSystem))
        {
            found.Error(driver.Origin, $"the storage driver '{driver.Name}' is not supported by this version; expected {StorageSchema.FileSystem}");
        }

        if (storage.Section("cache") is var cache && (cache.Text("blobdescriptor") ?? cache.Text("layerinfo")) == "redis")
        {
            found.Warn(cache.Origin, "storage.cache: redis is not used; the cache is always in memory");
        }

        var root = storage.Section(StorageSchema.FileSystem).Text("rootdirectory");
        return new StorageOptions
        {
            RootDirectory = string.IsNullOrEmpty(root) ? (hasFile ? RootOfFile : RootWithoutFile) : root,
            UploadPurge = BindPurge(storage.Section("maintenance").Section("uploadpurging")),
        };
    }

    private static UploadPurgeOptions BindPurge(SectionReader purge)
    {
        var defaults = new UploadPurgeOptions();
        return new UploadPurgeOptions
        {
            IsEnabled = purge.Flag("enabled") ?? defaults.IsEnabled,
            Age = purge.Duration("age") ?? defaults.Age,
            Interval = purge.Duration("interval") ?? defaults.Interval,
            IsDryRun = purge.Flag("dryrun") ?? defaults.IsDryRun,
        };
    }
}
