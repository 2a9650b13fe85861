namespace Registry.Aot.Configuration.Schema;

/// <summary>Values of one shape, in order. Immutable.</summary>
/// <param name="items">The shape of each.</param>
internal sealed class ListShape(Shape items) : Shape("a list")
{
    /// <summary>The shape of each value.</summary>
    public Shape Items { get; } = items;
}
