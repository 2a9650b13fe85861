using static Registry.Aot.Configuration.Schema.Key;

namespace Registry.Aot.Configuration.Schema;

/// <summary>Every key of the configuration: distribution's version 0.1 and ours.</summary>
internal static class RootSchema
{
    /// <summary>The whole file.</summary>
    public static SectionShape Section { get; } = new(
        Acts("version", Shapes.Choice("0.1")),
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
