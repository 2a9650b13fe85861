using static Registry.Aot.Configuration.Schema.Key;

namespace Registry.Aot.Configuration.Schema;

/// <summary>The keys of <c>auth</c>: distribution's kinds, of which at most one may be configured.</summary>
internal static class AuthSchema
{
    private static readonly AnyShape Parameters = new();

    /// <summary>The section. A single value names the kind.</summary>
    public static SectionShape Section { get; } = new(
        Acts("htpasswd", new SectionShape(Acts("realm", Shapes.Text), Acts("path", Shapes.Path))),
        Acts("token", Parameters),
        Acts("silly", Parameters))
    {
        Shorthand = SectionShape.NameOfKey,
    };
}
