using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration;

/// <summary>What differs between two configurations, by keys: no value, which might be a secret, stands in it.</summary>
internal static class ConfigurationChange
{
    // The keys that a running server takes, with all that stands under them.
    private static readonly string[] Reloadable = ["log.level", "http.limits", "proxy", "mirror", "access"];

    /// <summary>The keys whose values differ, such as <c>http.limits.connections</c>; a list counts as one value.</summary>
    public static IEnumerable<string> Between(Node before, Node after) => Between(before, after, "");

    /// <summary>Whether a running server takes another value of a key.</summary>
    public static bool IsReloadable(string key) =>
        Array.Exists(Reloadable, section => key == section || (key.StartsWith(section, StringComparison.Ordinal) && key[section.Length] == '.'));

    private static IEnumerable<string> Between(Node? before, Node? after, string key)
    {
        if (MapOf(before) is not { } old || MapOf(after) is not { } fresh)
        {
            return AreSame(before, after) ? [] : [key];
        }

        var names = old.Entries.Concat(fresh.Entries).Select(static entry => entry.Name).Distinct(StringComparer.Ordinal);
        return names.SelectMany(name => Between(old.Find(name)?.Value, fresh.Find(name)?.Value, key.Length == 0 ? name : $"{key}.{name}"));
    }

    // Of two nodes one of which is a section, the other may be missing: it has none of the keys.
    private static MapNode? MapOf(Node? node) => node is null or { IsNull: true } ? new MapNode(default, []) : node as MapNode;

    private static bool AreSame(Node? one, Node? other) => (one, other) switch
    {
        (null or { IsNull: true }, null or { IsNull: true }) => true,
        (ScalarNode a, ScalarNode b) => a.Text == b.Text && a.IsNull == b.IsNull,
        (ListNode a, ListNode b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(static pair => AreSame(pair.First, pair.Second)),
        (MapNode a, MapNode b) => !Between(a, b, "").Any(),
        _ => false,
    };
}
