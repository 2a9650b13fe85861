namespace Registry.Aot.Configuration.Values;

/// <summary>Booleans as YAML 1.1, which distribution reads, writes them.</summary>
internal static class FlagText
{
    /// <summary>Parses <c>true</c>, <c>yes</c>, <c>on</c> and their opposites, in any case.</summary>
    public static bool TryParse(string text, out bool flag)
    {
        flag = Is(text, "true") || Is(text, "yes") || Is(text, "on");
        return flag || Is(text, "false") || Is(text, "no") || Is(text, "off");
    }

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
