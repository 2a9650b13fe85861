using static Registry.Aot.Configuration.Schema.Key;

namespace Registry.Aot.Configuration.Schema;

/// <summary>Every key of the configuration: distribution's version 0.1 and ours.</summary>
internal static class RootSchema
{
    /// <summary>The version that there is.</summary>
    public const string Version = "0.1";

    /// <summary>The whole file.</summary>
    public static SectionShape Section { get; } = new(
        Acts("version", Shapes.Choice(Version)),
        Acts("log", LogSchema.Section),
        Acts("storage", StorageSchema.Section),
        Acts("auth", AuthSchema.Section),
        Acts("http", HttpSchema.Section),
        Acts("proxy", MirrorSchema.Proxy),
        Acts("mirror", MirrorSchema.Section),
        Acts("access", AccessSchema.Section),
        Acts("health", new SectionShape(
            ActsLater("storagedriver", new SectionShape(
                Acts("enabled", Shapes.Flag),
                Acts("interval", Bounds.Interval),
                Acts("threshold", Shapes.Integer(0, 1000)))),
            Foreign("file", "filecheckers"),
            Foreign("http", "httpcheckers"),
            Foreign("tcp", "tcpcheckers"))),
        Acts("validation", ValidationSchema.Section),
        Foreign("loglevel"),
        Foreign("middleware"),
        Foreign("notifications"),
        Foreign("redis"),
        Foreign("catalog"),
        Foreign("tags"),
        Foreign("policy"),
        Foreign("reporting"),
        Foreign("compatibility"));
}
