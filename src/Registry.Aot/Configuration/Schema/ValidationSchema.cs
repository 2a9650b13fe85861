using static Registry.Aot.Configuration.Schema.Key;

namespace Registry.Aot.Configuration.Schema;

/// <summary>The keys of <c>validation</c>.</summary>
internal static class ValidationSchema
{
    /// <summary>Every manifest of an index must be there.</summary>
    public const string All = "all";

    /// <summary>Those of some platforms must.</summary>
    public const string List = "list";

    /// <summary>None must.</summary>
    public const string None = "none";

    /// <summary>The section.</summary>
    public static SectionShape Section { get; } = new(
        Acts("enabled", Shapes.Flag),
        Acts("disabled", Shapes.Flag),
        Acts("manifests", new SectionShape(
            Foreign("urls"),
            Acts("indexes", new SectionShape(
                Acts("platforms", Shapes.Choice(All, List, None)),
                Acts("platformlist", new ListShape(new SectionShape(
                    Acts("architecture", Shapes.Text),
                    Acts("os", Shapes.Text)))))))));
}
