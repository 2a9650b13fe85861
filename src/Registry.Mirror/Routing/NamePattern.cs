using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Registry.Storage.Content;

namespace Registry.Mirror.Routing;

/// <summary>
/// A pattern of repository names: <c>**</c> stands for any characters, <c>*</c> for any but a slash, everything else for itself. It matches whole names. Immutable.
/// </summary>
public sealed class NamePattern
{
    /// <summary>Longest pattern, in characters.</summary>
    public const int MaxLength = RepositoryName.MaxLength;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-/*");

    private readonly string _text;

    private NamePattern(string text) => _text = text;

    /// <summary>Parses a pattern; false when it is empty, too long, or holds what no name can hold.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NamePattern? pattern)
    {
        var valid = text.Length is > 0 and <= MaxLength
            && !text.AsSpan().ContainsAnyExcept(Allowed);
        pattern = valid ? new NamePattern(text) : null;
        return valid;
    }

    /// <summary>Whether the name is one of the pattern's. Time is bounded by the product of both lengths.</summary>
    public bool Matches(RepositoryName name)
    {
        var value = name.Value;

        // reached[i]: the pattern so far matches the first i characters.
        Span<bool> reached = stackalloc bool[RepositoryName.MaxLength + 1];
        reached = reached[..(value.Length + 1)];
        reached.Clear();
        reached[0] = true;
        for (var at = 0; at < _text.Length; at++)
        {
            if (_text[at] == '*')
            {
                var crossesSlashes = at + 1 < _text.Length && _text[at + 1] == '*';
                at += crossesSlashes ? 1 : 0;
                for (var i = 1; i < reached.Length; i++)
                {
                    reached[i] |= reached[i - 1] && (crossesSlashes || value[i - 1] != '/');
                }
            }
            else
            {
                for (var i = reached.Length - 1; i > 0; i--)
                {
                    reached[i] = reached[i - 1] && value[i - 1] == _text[at];
                }

                reached[0] = false;
            }
        }

        return reached[^1];
    }

    /// <inheritdoc/>
    public override string ToString() => _text;
}
