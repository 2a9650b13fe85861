using System.Globalization;
using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;
using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Configuration.Binding;

/// <summary>
/// Gives the values of one section by key. What is not written, or is wrong and was told by the check before, is null. Immutable.
/// </summary>
internal sealed class SectionReader
{
    private readonly SectionShape _shape;
    private readonly MapNode _map;

    /// <summary>Opens a node; one of another shape reads as an empty section.</summary>
    public SectionReader(SectionShape shape, Node? node)
    {
        _shape = shape;
        _map = shape.Open(node) ?? new MapNode(node?.Origin ?? default, []);
    }

    /// <summary>Where the section begins.</summary>
    public Origin Origin => _map.Origin;

    /// <summary>The keys that are written, also those with nothing under them.</summary>
    public IEnumerable<MapEntry> Entries => _map.Entries;

    /// <summary>The entry of a key that has something under it.</summary>
    public MapEntry? Entry(string name)
    {
        Key(name);
        return _map.Find(name) is { Value.IsNull: false } entry ? entry : null;
    }

    /// <summary>The text under a key.</summary>
    public string? Text(string name) =>
        Key(name).Shape is ScalarShape shape && Entry(name)?.Value is ScalarNode scalar && shape.FindProblem(scalar.Text) is null ? scalar.Text : null;

    /// <summary>The boolean under a key.</summary>
    public bool? Flag(string name) => Text(name) is { } text && FlagText.TryParse(text, out var flag) ? flag : null;

    /// <summary>The whole number under a key.</summary>
    public int? Integer(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The duration under a key.</summary>
    public TimeSpan? Duration(string name) => Text(name) is { } text && DurationText.TryParse(text, out var duration) ? duration : null;

    /// <summary>The number of bytes under a key.</summary>
    public long? Size(string name) => Text(name) is { } text && SizeText.TryParse(text, out var size) ? size : null;

    /// <summary>The URL under a key.</summary>
    public Uri? Url(string name) => Text(name) is { } text && UrlText.TryParse(text, out var url) ? url : null;

    /// <summary>The section under a key, empty if there is none.</summary>
    public SectionReader Section(string name) => new((SectionShape)Key(name).Shape, Entry(name)?.Value);

    /// <summary>The texts in the list under a key.</summary>
    public IEnumerable<string> Texts(string name) =>
        Key(name).Shape is ListShape { Items: ScalarShape shape } && Entry(name)?.Value is ListNode list
            ? list.Items.OfType<ScalarNode>().Where(item => !item.IsNull && shape.FindProblem(item.Text) is null).Select(item => item.Text)
            : [];

    /// <summary>The sections in the list under a key.</summary>
    public IEnumerable<SectionReader> Sections(string name) =>
        Key(name).Shape is ListShape { Items: SectionShape shape } && Entry(name)?.Value is ListNode list
            ? list.Items.Where(item => shape.Open(item) is not null).Select(item => new SectionReader(shape, item))
            : [];

    /// <summary>The entries under a key whose own keys are the user's.</summary>
    public IEnumerable<MapEntry> Map(string name) => Key(name).Shape is MapShape && Entry(name)?.Value is MapNode map ? map.Entries : [];

    private Key Key(string name) => _shape.Find(name) ?? throw new ArgumentException($"No key '{name}' is in the schema.", nameof(name));
}
