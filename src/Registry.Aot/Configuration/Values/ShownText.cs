namespace Registry.Aot.Configuration.Values;

/// <summary>What the user wrote, as it may be shown in a message.</summary>
internal static class ShownText
{
    /// <summary>Longest text that is shown whole.</summary>
    private const int MaxLength = 60;

    /// <summary>
    /// The text in quotes, cut where it is long, without control characters, which could deceive a terminal or a log; <c>this</c> for one that may be a URL
    /// with a password.
    /// </summary>
    public static string Of(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return "this";
        }

        var shown = text.Length > MaxLength ? $"{text.AsSpan(0, MaxLength)}…" : text;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}'";
    }
}
