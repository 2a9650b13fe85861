using System.Buffers;

namespace Registry.Server.Access;

/// <summary>A secret that stands in the mirror's URL and lets who knows it pull mirrored content without a password (<c>access.mirrorkeys</c>). Immutable.</summary>
/// <param name="name">What logs call it by.</param>
/// <param name="secret">The key itself.</param>
public sealed class MirrorKey(string name, string secret)
{
    /// <summary>Fewest characters: 20 of 36 are more than 100 bits.</summary>
    public const int MinLength = 20;

    /// <summary>Most characters: a key is a component of repository names for clients.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>What logs call it by.</summary>
    public string Name { get; } = name;

    /// <summary>The key. Never to be shown.</summary>
    internal string Secret { get; } = secret;

    /// <summary>Whether a text has the form of a key, <c>[a-z0-9]{20,128}</c>.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text) => text.Length is >= MinLength and <= MaxLength && !text.ContainsAnyExcept(Characters);

    /// <summary>Whether a text is this key.</summary>
    public bool IsSame(string text) => text == Secret;

    /// <summary>Its name; the secret never stands in a text.</summary>
    public override string ToString() => Name;
}
