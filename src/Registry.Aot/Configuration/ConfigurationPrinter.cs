using System.Globalization;
using System.Text;
using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration;

/// <summary>Writes a configuration as YAML, each value with where it came from, secrets hidden. Saved as a file, with the secrets, it means the same.</summary>
internal static class ConfigurationPrinter
{
    private const string Hidden = "<hidden>";

    private const int IndentSize = 2;

    /// <summary>Writes a whole configuration.</summary>
    /// <param name="root">The configuration, overrides included, which was found to be right.</param>
    public static string Print(Node root)
    {
        var text = new StringBuilder();
        if (RootSchema.Section.Open(root) is { Entries.Count: > 0 } map)
        {
            PrintEntries(text, map, RootSchema.Section, indent: 0);
        }

        return text.ToString();
    }

    private static void PrintEntries(StringBuilder text, MapNode map, Shape shape, int indent, bool afterDash = false)
    {
        foreach (var entry in map.Entries)
        {
            var key = (shape as SectionShape)?.Find(entry.Name);

            // Of what is not acted on nobody knows which values are secrets.
            var values = key is { Standing: Standing.Foreign } ? Shapes.Secret : key?.Shape ?? (shape as MapShape)?.Values ?? Shapes.Secret;
            text.Append(' ', afterDash ? 1 : indent).Append(Quote(entry.Name)).Append(':');
            afterDash = false;
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
                    PrintItem(text, item, list.Items, indent + (2 * IndentSize));
                }

                break;
            case (ListShape, ListNode):
                PrintScalar(text, "[]", origin);
                break;
            case (SectionShape or MapShape, MapNode { Entries.Count: 0 }):
                PrintScalar(text, "{}", origin);
                break;
            case (SectionShape or MapShape, MapNode map):
                text.Append('\n');
                PrintEntries(text, map, shape, indent + IndentSize);
                break;
            case (ScalarShape { IsSecret: false } or SectionShape { Shorthand: not null }, ScalarNode { IsNull: false } scalar):
                PrintScalar(text, scalar.IsPlain && !scalar.Text.Any(NeedsEscape) ? scalar.Text : Quote(scalar.Text), scalar.Origin);
                break;
            default:
                PrintScalar(text, node is ScalarNode { IsNull: true } nothing ? nothing.Text : Hidden, origin);
                break;
        }
    }

    private static void PrintItem(StringBuilder text, Node item, Shape shape, int indent)
    {
        if (item is MapNode { Entries.Count: > 0 } map)
        {
            PrintEntries(text, map, shape, indent, afterDash: true);
        }
        else
        {
            PrintValue(text, item, shape, indent, item.Origin);
        }
    }

    private static void PrintScalar(StringBuilder text, string value, Origin origin) =>
        text.Append(value.Length > 0 ? " " : "").Append(value).Append("  # ").AppendJoin("", origin.ToString().Select(Escape)).Append('\n');

    private static string Quote(string value) =>
        IsPlain(value) ? value
        : value.Any(NeedsEscape) ? $"\"{string.Concat(value.Select(Escape))}\""
        : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static bool IsPlain(string value) =>
        value.Length > 0
        && value[0] != '-'
        && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
        && !new ScalarNode(default, value, IsPlain: true).IsNull;

    private static string Escape(char c) => NeedsEscape(c) ? $"\\u{(int)c:X4}" : c is '"' or '\\' ? $"\\{c}" : c.ToString();

    // What a terminal acts on or hides, and what YAML takes for the end of a line.
    private static bool NeedsEscape(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
