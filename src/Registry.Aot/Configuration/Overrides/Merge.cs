using System.Collections.Immutable;
using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration.Overrides;

/// <summary>Puts the value of one variable into the tree.</summary>
/// <param name="variable">The variable.</param>
/// <param name="value">Its value.</param>
internal sealed class Merge(Variable variable, Node value)
{
    private readonly Origin _origin = new(variable.Name);

    /// <summary>After a failure, what the variable was perhaps meant to be; else empty.</summary>
    public string Hint { get; private set; } = "";

    /// <summary>Gives <paramref name="current"/> with the value in its place; null: the variable means nothing.</summary>
    /// <exception cref="YamlSyntaxException">It means an item that a list cannot have.</exception>
    public Node? Place(Node? current, Shape shape, int depth)
    {
        if (depth == variable.Parts.Count)
        {
            return value;
        }

        if (variable.Parts[depth].Length == 0)
        {
            return null;
        }

        return shape switch
        {
            SectionShape section => PlaceInSection(current, section, depth),
            MapShape map => PlaceInMap(current, map.Values, depth),
            ListShape list => PlaceInList(current, list, depth),
            AnyShape => PlaceInMap(current, shape, depth),
            _ => null,
        };
    }

    private Node? PlaceInSection(Node? current, SectionShape section, int depth)
    {
        if (section.FindByVariable(variable.Parts[depth]) is not { } key)
        {
            Hint = NearestName.Find(variable.Parts[depth], section.Keys.Select(known => known.Variable)) is { } nearest
                ? $"; the nearest known one is {Prefix(depth)}_{nearest.ToUpperInvariant()}"
                : "";
            return null;
        }

        // What is no section is an error of its own, told by the check of the whole.
        return section.Open(current) is { } map ? PlaceUnder(map, map.Find(key.Name), key.Name, key.Shape, depth) : current;
    }

    private MapNode? PlaceInMap(Node? current, Shape values, int depth)
    {
        var map = current as MapNode ?? new MapNode(_origin, []);
        var existing = map.Find(variable.Parts[depth], StringComparison.OrdinalIgnoreCase);
        return PlaceUnder(map, existing, existing?.Name ?? variable.Parts[depth], values, depth);
    }

    private MapNode? PlaceUnder(MapNode map, MapEntry? existing, string name, Shape shape, int depth)
    {
        if (Place(existing?.Value, shape, depth + 1) is not { } placed)
        {
            return null;
        }

        var origin = existing is not null && depth + 1 < variable.Parts.Count ? existing.Origin : _origin;
        return map.With(new MapEntry(name, origin, placed));
    }

    private ListNode? PlaceInList(Node? current, ListShape list, int depth)
    {
        var items = current is ListNode existing ? existing.Items : ImmutableList<Node>.Empty;
        if (!Variable.TryParseIndex(variable.Parts[depth], out var index))
        {
            throw new YamlSyntaxException(_origin, $"{Prefix(depth)} is a list; expected the number of an item after it, from 0");
        }

        if (index > items.Count)
        {
            throw new YamlSyntaxException(_origin, $"{Prefix(depth)} has {items.Count} items before this one; expected {Prefix(depth)}_{items.Count} first");
        }

        return Place(index < items.Count ? items[index] : null, list.Items, depth + 1) is { } placed
            ? new ListNode(current?.Origin ?? _origin, index < items.Count ? items.SetItem(index, placed) : items.Add(placed))
            : null;
    }

    private string Prefix(int depth) =>
        (EnvironmentOverrides.Prefix + string.Join('_', variable.Parts.Take(depth))).TrimEnd('_').ToUpperInvariant();
}
