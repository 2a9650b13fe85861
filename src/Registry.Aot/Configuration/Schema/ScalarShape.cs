namespace Registry.Aot.Configuration.Schema;

/// <summary>One value. Immutable.</summary>
/// <param name="expected">What was expected, for messages.</param>
/// <param name="findProblem">Says what is wrong with a text and what was expected; null: nothing is.</param>
internal sealed class ScalarShape(string expected, Func<string, string?> findProblem) : Shape(expected)
{
    /// <summary>Whether the text must never be shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Says what is wrong with a text and what was expected; null: nothing is.</summary>
    public string? FindProblem(string text) => findProblem(text);
}
