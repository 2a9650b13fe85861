namespace Registry.Aot.Configuration.Schema;

/// <summary>Values under keys that the user chooses, such as names of headers. Immutable.</summary>
/// <param name="values">The shape of each value.</param>
/// <param name="findKeyProblem">Says what is wrong with a key; null: nothing is.</param>
internal sealed class MapShape(Shape values, Func<string, string?>? findKeyProblem = null) : Shape("a section")
{
    /// <summary>The shape of each value.</summary>
    public Shape Values { get; } = values;

    /// <summary>Says what is wrong with a key; null: nothing is.</summary>
    public string? FindKeyProblem(string key) => findKeyProblem?.Invoke(key);
}
