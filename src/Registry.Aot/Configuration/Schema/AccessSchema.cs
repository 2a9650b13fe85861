using static Registry.Aot.Configuration.Schema.Key;

namespace Registry.Aot.Configuration.Schema;

/// <summary>The keys of <c>access</c>.</summary>
internal static class AccessSchema
{
    /// <summary>The section.</summary>
    public static SectionShape Section { get; } = new(
        Acts("rules", new ListShape(new SectionShape(
            Acts("users", new ListShape(Shapes.Text)),
            Acts("repositories", new ListShape(Shapes.Pattern)),
            Acts("actions", new ListShape(Shapes.Choice("pull", "push", "delete", "admin"))),
            Acts("from", new ListShape(Shapes.Network)),
            Acts("mirrored", Shapes.Flag)))),
        Acts("mirrorkeys", new ListShape(new SectionShape(
            Acts("name", Shapes.Text),
            Acts("keyfile", Shapes.Path)))),
        Acts("loginopensmirror", Bounds.Age));
}
