using System.Diagnostics.CodeAnalysis;

namespace Registry.Storage.Content;

/// <summary>
/// The name of a repository, in the form of the OCI distribution specification ("Pulling manifests"): path components of lower-case letters and digits with
/// single <c>.</c>, <c>_</c>, <c>__</c> or runs of <c>-</c> between them, joined by <c>/</c>, at most <see cref="MaxLength"/> characters.
/// </summary>
/// <remarks>A value of this type is safe as a relative path: no component is empty, begins with a dot or an underscore, or holds a separator. Immutable.</remarks>
public sealed record RepositoryName
{
    /// <summary>Longest name, in characters: what the clients that count at all allow for host and name together.</summary>
    public const int MaxLength = 255;

    private RepositoryName(string value) => Value = value;

    /// <summary>The name as it stands in a URL.</summary>
    public string Value { get; }

    /// <summary>Parses a name; false for anything that the grammar does not allow.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out RepositoryName? name)
    {
        name = IsValid(text) ? new RepositoryName(text.ToString()) : null;
        return name is not null;
    }

    /// <summary>Parses a name that must be right.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static RepositoryName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is no repository name.");

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxLength)
        {
            return false;
        }

        foreach (var component in text.Split('/'))
        {
            if (!IsValidComponent(text[component]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsValidComponent(ReadOnlySpan<char> component)
    {
        if (component.IsEmpty || !IsAlphanumeric(component[0]) || !IsAlphanumeric(component[^1]))
        {
            return false;
        }

        for (var i = 1; i < component.Length; i++)
        {
            if (!IsAlphanumeric(component[i]))
            {
                var run = component[i..];
                run = run[..run.IndexOfAnyExcept(component[i])];
                if (component[i] switch { '.' => run.Length > 1, '_' => run.Length > 2, '-' => false, _ => true })
                {
                    return false;
                }

                i += run.Length;
                if (!IsAlphanumeric(component[i]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
