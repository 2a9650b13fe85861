using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Registry.Storage.Content;

/// <summary>
/// A tag, in the form of the OCI distribution specification: a word character, then at most 127 of word characters, dots and dashes.
/// </summary>
/// <remarks>A value of this type is safe as the name of one directory. Immutable.</remarks>
public sealed record Tag
{
    /// <summary>Longest tag, in characters.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    private Tag(string value) => Value = value;

    /// <summary>The tag as it stands in a URL.</summary>
    public string Value { get; }

    /// <summary>Parses a tag; false for anything that the grammar does not allow.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Tag? tag)
    {
        var valid = IsWellFormed(text);
        tag = valid ? new Tag(text.ToString()) : null;
        return valid;
    }

    /// <summary>Whether a text is a tag. Allocates nothing.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLength && text[0] is not ('.' or '-') && !text.ContainsAnyExcept(Allowed);

    /// <summary>Parses a tag that must be right.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static Tag Parse(string text) => TryParse(text, out var tag) ? tag : throw new FormatException($"'{text}' is no tag.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
