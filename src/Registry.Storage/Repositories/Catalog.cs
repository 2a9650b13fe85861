using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Repositories;

/// <summary>The names of all repositories, page by page in bytewise order, reading only the directories that a page needs. Thread-safe; blocking.</summary>
public sealed class Catalog
{
    private readonly StoreLayout _layout;

    internal Catalog(StoreLayout layout) => _layout = layout;

    /// <summary>The repositories after a name (which need not exist). As distribution does, a directory that has manifests or had some is taken for one.</summary>
    public IEnumerable<RepositoryName> List(string? last) => Below("", last ?? "");

    private IEnumerable<RepositoryName> Below(string parent, string last)
    {
        // "a" comes before "a-b", and that before "a/b": a repository and what lies below it are two entries of the order.
        var directory = new DirectoryInfo(Path.Join(_layout.Repositories, parent));
        var entries = directory.Exists
            ? directory.EnumerateDirectories().Select(static child => child.Name).Where(static name => !name.StartsWith('_'))
                .SelectMany(name => new[] { $"{parent}{name}", $"{parent}{name}/" }).Order(StringComparer.Ordinal).ToArray()
            : [];
        foreach (var entry in entries)
        {
            if (!entry.EndsWith('/'))
            {
                if (string.CompareOrdinal(entry, last) > 0 && RepositoryName.TryParse(entry, out var name) && Directory.Exists(_layout.Manifests(name)))
                {
                    yield return name;
                }
            }
            else if (string.CompareOrdinal(entry, last) > 0 || last.StartsWith(entry, StringComparison.Ordinal))
            {
                foreach (var name in Below(entry, last))
                {
                    yield return name;
                }
            }
        }
    }
}
