namespace Registry.Aot.Configuration.Schema;

/// <summary>A known key of a section. Immutable.</summary>
/// <param name="Name">The key as it is written in the file.</param>
/// <param name="Shape">What stands under it.</param>
/// <param name="Standing">What this version does with it.</param>
internal sealed record Key(string Name, Shape Shape, Standing Standing)
{
    private static readonly AnyShape Any = new();

    /// <summary>Its part of a variable's name, in any case: distribution takes that from names in its source, which differ here and there.</summary>
    public string Variable { get; init; } = Name;

    /// <summary>A key that acts.</summary>
    public static Key Acts(string name, Shape shape) => new(name, shape, Standing.Acts);

    /// <summary>A key that is checked and does not act yet.</summary>
    public static Key ActsLater(string name, Shape shape) => new(name, shape, Standing.ActsLater);

    /// <summary>A key of distribution that is not acted on.</summary>
    public static Key Foreign(string name, string? variable = null) => new(name, Any, Standing.Foreign) { Variable = variable ?? name };
}
