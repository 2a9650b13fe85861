using static Registry.Aot.Configuration.Schema.Key;

namespace Registry.Aot.Configuration.Schema;

/// <summary>The keys of <c>log</c>.</summary>
internal static class LogSchema
{
    /// <summary>The section.</summary>
    public static SectionShape Section { get; } = new(
        Acts("level", Shapes.Choice("error", "warn", "info", "debug")),
        Acts("formatter", Shapes.Choice("text", "json", "logstash")),
        Acts("fields", new MapShape(Shapes.Text)),
        Acts("accesslog", new SectionShape(Acts("disabled", Shapes.Flag))),
        Foreign("reportcaller"),
        Foreign("hooks"));
}
