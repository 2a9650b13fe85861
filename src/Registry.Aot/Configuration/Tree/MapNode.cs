using System.Collections.Immutable;

namespace Registry.Aot.Configuration.Tree;

/// <summary>Keys and values, in the order written, each key once. Immutable.</summary>
/// <param name="Origin">Where it begins.</param>
/// <param name="Entries">The keys and values.</param>
internal sealed record MapNode(Origin Origin, ImmutableList<MapEntry> Entries) : Node(Origin)
{
    /// <inheritdoc/>
    public override string Kind => "a section";

    /// <summary>The entry of that key; null: there is none.</summary>
    public MapEntry? Find(string name, StringComparison comparison = StringComparison.Ordinal) =>
        Entries.Find(entry => entry.Name.Equals(name, comparison));

    /// <summary>The same with that entry in place of one of the same key, or added.</summary>
    public MapNode With(MapEntry entry)
    {
        var index = Entries.FindIndex(other => other.Name == entry.Name);
        return this with { Entries = index < 0 ? Entries.Add(entry) : Entries.SetItem(index, entry) };
    }
}
