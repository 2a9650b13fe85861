using System.Buffers;
using Registry.Storage.Content;

namespace Registry.Aot.Configuration.Values;

/// <summary>Patterns of repository names: <c>team/**</c>, <c>*.private/**</c>.</summary>
internal static class NamePattern
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-/*");

    /// <summary>Says what is wrong with a pattern; null: nothing is.</summary>
    public static string? FindProblem(string text)
    {
        const string Expected = "expected a name in lower case in which * stands for any characters but a slash and ** for any, such as team/**";
        if (text.Length is 0 or > RepositoryName.MaxLength)
        {
            return $"this is no pattern of names; {Expected}";
        }

        var wrong = text.AsSpan().IndexOfAnyExcept(Characters);
        if (wrong >= 0)
        {
            return $"{ShownText.Of(text)} holds {ShownText.Of(text[wrong].ToString())}, which no name has; {Expected}";
        }

        return text[0] == '/' || text[^1] == '/' || text.Contains("//", StringComparison.Ordinal) || text.Contains("***", StringComparison.Ordinal)
            ? $"{ShownText.Of(text)} can match no name; {Expected}"
            : null;
    }
}
