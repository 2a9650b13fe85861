using Registry.Aot.Configuration.Tree;
using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Configuration.Schema;

/// <summary>Tells whether what is written would switch something on.</summary>
internal static class Switch
{
    /// <summary>
    /// False for nothing, an empty value, <c>false</c>, zero, a section that says <c>enabled: false</c> or <c>disabled: true</c>, and whatever holds only such.
    /// </summary>
    public static bool IsOn(Node node) =>
        node switch
        {
            { IsNull: true } => false,
            ScalarNode scalar => !IsFlag(scalar, false) && !IsZero(scalar.Text),
            ListNode list => list.Items.Exists(IsOn),
            MapNode map when IsFlag(map.Find("enabled")?.Value, false) || IsFlag(map.Find("disabled")?.Value, true) => false,
            MapNode map => map.Entries.Exists(entry => entry.Name == "disabled" || IsOn(entry.Value)),
            _ => true,
        };

    private static bool IsFlag(Node? node, bool wanted) =>
        node is ScalarNode scalar && FlagText.TryParse(scalar.Text, out var flag) && flag == wanted;

    private static bool IsZero(string text) =>
        (DurationText.TryParse(text, out var duration) && duration == TimeSpan.Zero) || (SizeText.TryParse(text, out var size) && size == 0) || text == "0%";
}
