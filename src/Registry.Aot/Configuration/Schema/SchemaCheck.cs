using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration.Schema;

/// <summary>Holds nodes against their shapes: unknown keys, wrong types, values out of range, and keys that this version does not act on.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class SchemaCheck(Diagnostics found)
{
    /// <summary>Checks a whole configuration.</summary>
    public void Check(Node root) => Check(root, RootSchema.Section, path: "", told: false);

    private void Check(Node node, Shape shape, string path, bool told)
    {
        if (node.IsNull)
        {
            return;
        }

        switch (shape, node)
        {
            case (SectionShape section, _) when section.Open(node) is { } map:
                CheckSection(map, section, path, told);
                break;
            case (MapShape free, MapNode map):
                CheckMap(map, free, path, told);
                break;
            case (ListShape list, ListNode items):
                items.Items.ForEach(item => Check(item, list.Items, path, told));
                break;
            case (ScalarShape scalar, ScalarNode value):
                if (scalar.FindProblem(value.Text) is { } problem)
                {
                    found.Error(value.Origin, $"{path}: {problem}");
                }

                break;
            case (AnyShape, _):
                break;
            default:
                found.Error(
                    node.Origin,
                    path.Length == 0
                        ? $"this is {node.Kind}; expected the sections of a configuration"
                        : $"{path}: this is {node.Kind}; expected {shape.Expected}");
                break;
        }
    }

    private void CheckSection(MapNode map, SectionShape section, string path, bool told)
    {
        foreach (var entry in map.Entries)
        {
            if (section.Find(entry.Name) is not { } key)
            {
                found.Error(entry.Origin, UnknownKey.Describe(entry.Name, section, path));
                continue;
            }

            var keyPath = Join(path, entry.Name);
            var tellsNow = !told && key.Standing != Standing.Acts && Switch.IsOn(entry.Value);
            if (tellsNow)
            {
                Tell(entry, key.Standing, keyPath);
            }

            Check(entry.Value, key.Shape, keyPath, told || tellsNow);
        }
    }

    private void CheckMap(MapNode map, MapShape shape, string path, bool told)
    {
        foreach (var entry in map.Entries)
        {
            if (shape.FindKeyProblem(entry.Name) is { } problem)
            {
                found.Error(entry.Origin, $"{path}: {problem}");
            }

            Check(entry.Value, shape.Values, Join(path, entry.Name), told);
        }
    }

    private void Tell(MapEntry entry, Standing standing, string path)
    {
        switch (standing)
        {
            case Standing.ActsLater:
                found.Warn(entry.Origin, $"{path} is accepted but not acted on yet");
                break;
            case Standing.Foreign:
                found.Warn(entry.Origin, $"{path} is a key of distribution that is not acted on");
                break;
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
