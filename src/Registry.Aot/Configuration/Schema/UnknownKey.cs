using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Configuration.Schema;

/// <summary>Words for a key that is not known.</summary>
internal static class UnknownKey
{
    /// <summary>Says where the key belongs, or what it was meant to be, or what there is.</summary>
    public static string Describe(string name, SectionShape section, string path)
    {
        var place = path.Length == 0 ? "the configuration has no such key" : $"there is none in {path}";
        var nearest = NearestName.Find(name, section.Keys.Select(key => key.Name));
        return nearest is not null
            ? $"unknown key {ShownText.Of(name)}: {place}; the nearest known key is '{nearest}'"
            : Locate(name, RootSchema.Section, "") is { } elsewhere
                ? $"unknown key {ShownText.Of(name)}: {place}; there is '{elsewhere}'"
                : $"unknown key {ShownText.Of(name)}: {place}; expected one of {string.Join(", ", section.Keys.Select(key => key.Name))}";
    }

    private static string? Locate(string name, Shape shape, string path) =>
        shape switch
        {
            SectionShape section when section.Find(name) is not null => path + name,
            SectionShape section => section.Keys
                .Select(key => Locate(name, key.Shape, $"{path}{key.Name}."))
                .FirstOrDefault(found => found is not null),
            ListShape list => Locate(name, list.Items, path),
            _ => null,
        };
}
