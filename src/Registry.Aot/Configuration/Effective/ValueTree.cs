using System.Collections.Immutable;
using System.Globalization;
using Registry.Aot.Configuration.Tree;
using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Configuration.Effective;

/// <summary>Makes nodes of values that nobody wrote, in the configuration's own forms. A key without a value, and a section or a list of none, is null.</summary>
internal static class ValueTree
{
    private static readonly Origin Default = new("default");

    /// <summary>The keys that have a value.</summary>
    public static MapNode Map(params IEnumerable<MapEntry?> entries) => new(Default, [.. entries.OfType<MapEntry>()]);

    /// <summary>A key with keys under it.</summary>
    public static MapEntry? Section(string name, params IEnumerable<MapEntry?> entries) =>
        Map(entries) is { Entries.Count: > 0 } map ? new MapEntry(name, Default, map) : null;

    /// <summary>A key with a list under it.</summary>
    public static MapEntry? List(string name, IEnumerable<Node> items) =>
        items.ToImmutableList() is { Count: > 0 } list ? new MapEntry(name, Default, new ListNode(Default, list)) : null;

    /// <summary>A key with a text, which has no character that YAML would take for its own.</summary>
    public static MapEntry? Text(string name, string? value) => value is null ? null : new MapEntry(name, Default, Scalar(value));

    /// <summary>A key with a boolean.</summary>
    public static MapEntry? Flag(string name, bool? value) => Text(name, value switch { null => null, true => "true", false => "false" });

    /// <summary>A key with a whole number.</summary>
    public static MapEntry? Integer(string name, int value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A key with a number of bytes.</summary>
    public static MapEntry? Size(string name, long value) => Text(name, SizeText.Format(value));

    /// <summary>A key with a duration.</summary>
    public static MapEntry? Duration(string name, TimeSpan value) => Text(name, DurationText.Format(value));

    /// <summary>A text without a key.</summary>
    public static ScalarNode Scalar(string value) => new(Default, value, IsPlain: true);
}
