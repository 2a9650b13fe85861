using System.Collections.Immutable;

namespace Registry.Aot.Configuration.Tree;

/// <summary>Values in order. Immutable.</summary>
/// <param name="Origin">Where it begins.</param>
/// <param name="Items">The values.</param>
internal sealed record ListNode(Origin Origin, ImmutableList<Node> Items) : Node(Origin)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}
