namespace Registry.Aot.Configuration.Schema;

/// <summary>What a value may look like. Immutable.</summary>
/// <param name="expected">It, for messages: <c>a duration such as 300s</c>.</param>
internal abstract class Shape(string expected)
{
    /// <summary>What was expected, for messages.</summary>
    public string Expected { get; } = expected;
}
