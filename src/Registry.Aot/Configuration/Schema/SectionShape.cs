using System.Collections.Immutable;
using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration.Schema;

/// <summary>Values under keys that are known beforehand. Immutable.</summary>
/// <param name="keys">The keys.</param>
internal sealed class SectionShape(params Key[] keys) : Shape("a section")
{
    /// <summary>The keys.</summary>
    public ImmutableArray<Key> Keys { get; } = [.. keys];

    /// <summary>What a single value in place of the section means; null: it is an error.</summary>
    public Func<ScalarNode, MapNode>? Shorthand { get; init; }

    /// <summary>The key of that name; null: there is none.</summary>
    public Key? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);

    /// <summary>The key that a part of a variable's name means, in any case; null: there is none.</summary>
    public Key? FindByVariable(string part) => Keys.FirstOrDefault(key => key.Variable.Equals(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>The keys and values of a node of this shape; null: it is of another.</summary>
    public MapNode? Open(Node? node) =>
        node switch
        {
            null or { IsNull: true } => new MapNode(node?.Origin ?? default, []),
            MapNode map => map,
            ScalarNode scalar => Shorthand?.Invoke(scalar),
            _ => null,
        };

    /// <summary>A single value that names one key without anything under it: <c>storage: filesystem</c>.</summary>
    public static MapNode NameOfKey(ScalarNode scalar) =>
        new(scalar.Origin, [new MapEntry(scalar.Text, scalar.Origin, new ScalarNode(scalar.Origin, "", IsPlain: true))]);
}
