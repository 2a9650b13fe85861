using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration.Effective;

/// <summary>
/// The whole configuration as it is in force. It is made for showing and never bound, since several sections mean something by being written at all.
/// </summary>
internal static class EffectiveConfiguration
{
    /// <summary>What the settings were made from, completed by the values of what is not written there. Keys stand in the schema's order.</summary>
    public static Node Of(Settings settings) => Complete(settings.Effective, EffectiveValues.Of(settings), RootSchema.Section);

    private static Node Complete(Node? written, Node inForce, Shape shape) =>
        (shape, inForce) switch
        {
            (SectionShape section, MapNode values) when section.Open(written) is { } map => CompleteSection(map, values, section),
            (ListShape list, ListNode values) => CompleteList(written as ListNode, values, list.Items),
            _ => written is null or { IsNull: true } ? inForce : written,
        };

    private static MapNode CompleteSection(MapNode written, MapNode values, SectionShape section) =>
        written with { Entries = [.. section.Keys.Select(key => CompleteEntry(written.Find(key.Name), values.Find(key.Name), key)).OfType<MapEntry>()] };

    // The settings have a value also for some keys that do not act yet.
    private static MapEntry? CompleteEntry(MapEntry? written, MapEntry? inForce, Key key) =>
        inForce is null || key.Standing != Standing.Acts ? written : (written ?? inForce) with { Value = Complete(written?.Value, inForce.Value, key.Shape) };

    // Items are bound in the order written, and what is added without being written comes last.
    private static ListNode CompleteList(ListNode? written, ListNode values, Shape items) =>
        (written ?? values) with { Items = [.. values.Items.Select((value, index) => Complete(written?.Items.ElementAtOrDefault(index), value, items))] };
}
