namespace Registry.Aot.Configuration.Tree;

/// <summary>One value: text, number, boolean or nothing. Immutable.</summary>
/// <param name="Origin">Where it begins.</param>
/// <param name="Text">The value without quotes.</param>
/// <param name="IsPlain">Whether it stands without quotes.</param>
internal sealed record ScalarNode(Origin Origin, string Text, bool IsPlain) : Node(Origin)
{
    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : "a single value";

    /// <inheritdoc/>
    public override bool IsNull => Text.Length == 0 || (IsPlain && Text is ("~" or "null" or "Null" or "NULL"));
}
