using System.Collections.Immutable;
using static Registry.Aot.Configuration.Schema.Key;

namespace Registry.Aot.Configuration.Schema;

/// <summary>The keys of <c>storage</c>.</summary>
internal static class StorageSchema
{
    /// <summary>The driver that there is.</summary>
    public const string FileSystem = "filesystem";

    private static readonly AnyShape Parameters = new();

    /// <summary>The section of the driver that there is.</summary>
    public static SectionShape FileSystemSection { get; } = new(
        Acts("rootdirectory", Shapes.Path),
        Foreign("maxthreads"));

    /// <summary>distribution's drivers, of which exactly one may be configured.</summary>
    public static ImmutableArray<string> Drivers { get; } = [FileSystem, "inmemory", "s3", "gcs", "azure", "swift", "oss"];

    /// <summary>The section. A single value names the driver.</summary>
    public static SectionShape Section { get; } = new(
    [
        Acts(FileSystem, FileSystemSection),
        .. Drivers.Where(driver => driver != FileSystem).Select(driver => Acts(driver, Parameters)),
        Acts("delete", new SectionShape(Acts("enabled", Shapes.Flag))),
        Acts("cache", new SectionShape(
            Acts("blobdescriptor", Shapes.Choice("inmemory", "redis")),
            Acts("layerinfo", Shapes.Choice("inmemory", "redis")),
            Foreign("blobdescriptorsize"))),
        Foreign("redirect"),
        Foreign("tag"),
        Acts("maintenance", new SectionShape(
            Acts("uploadpurging", new SectionShape(
                Acts("enabled", Shapes.Flag),
                Acts("age", Bounds.Interval),
                Acts("interval", Bounds.Interval),
                Acts("dryrun", Shapes.Flag))),
            ActsLater("sweep", new SectionShape(
                Acts("enabled", Shapes.Flag),
                Acts("interval", Bounds.Interval),
                Acts("grace", Bounds.Age))),
            ActsLater("scrub", new SectionShape(
                Acts("enabled", Shapes.Flag),
                Acts("period", Bounds.Interval),
                Acts("rate", Bounds.Bytes))),
            Acts("readonly", new SectionShape(Acts("enabled", Shapes.Flag))))),
    ])
    {
        Shorthand = SectionShape.NameOfKey,
    };
}
