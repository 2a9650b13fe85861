using System.Text;
using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration;

/// <summary>Writes a configuration as YAML, each value with where it was written, secrets hidden.</summary>
internal static class ConfigurationPrinter
{
    private const string Hidden = "<hidden>";

    private const int IndentSize = 2;

    /// <summary>Writes a whole configuration.</summary>
    /// <param name="root">The configuration, overrides included.</param>
    public static string Print(Node root)
    {
        var text = new StringBuilder();
        if (RootSchema.Section.Open(root) is { Entries.Count: > 0 } map)
        {
            PrintEntries(text, map, RootSchema.Section, indent: 0);
        }

        return text.ToString();
    }

    private static void PrintEntries(StringBuilder text, MapNode map, Shape shape, int indent)
    {
        foreach (var entry in map.Entries)
        {
            var key = (shape as SectionShape)?.Find(entry.Name);

            // Of what is not acted on nobody knows which values are secrets.
            var values = key is { Standing: Standing.Foreign } ? Shapes.Secret : key?.Shape ?? (shape as MapShape)?.Values ?? Shapes.Secret;
            text.Append(' ', indent).Append(Quote(entry.Name)).Append(':');
            PrintValue(text, entry.Value, values, indent, entry.Origin);
        }
    }

    private static void PrintValue(StringBuilder text, Node node, Shape shape, int indent, Origin origin)
    {
        switch (shape, node)
        {
            case (ListShape list, ListNode items) when items.Items.Count > 0:
                text.Append('\n');
                foreach (var item in items.Items)
                {
                    text.Append(' ', indent + IndentSize).Append('-');
                    PrintValue(text, item, list.Items, indent + IndentSize, item.Origin);
                }

                break;
            case (ListShape, ListNode):
                PrintScalar(text, "[]", origin);
                break;
            case (SectionShape section, _) when !node.IsNull && section.Open(node) is { Entries.Count: > 0 } map:
                text.Append('\n');
                PrintEntries(text, map, section, indent + IndentSize);
                break;
            case (MapShape, MapNode { Entries.Count: > 0 } map):
                text.Append('\n');
                PrintEntries(text, map, shape, indent + IndentSize);
                break;
            case (ScalarShape { IsSecret: false }, ScalarNode { IsNull: false } scalar):
                PrintScalar(text, scalar.IsPlain ? scalar.Text : Quote(scalar.Text), scalar.Origin);
                break;
            default:
                PrintScalar(text, node.IsNull ? "" : Hidden, origin);
                break;
        }
    }

    private static void PrintScalar(StringBuilder text, string value, Origin origin) => text.Append(' ').Append(value).Append("  # ").Append(origin).Append('\n');

    private static string Quote(string value) =>
        value.Length > 0 && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
            ? value
            : $"'{string.Concat(value.Replace("'", "''", StringComparison.Ordinal).Select(static c => char.IsControl(c) ? '?' : c))}'";
}
