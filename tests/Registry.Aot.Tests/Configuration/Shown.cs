using Registry.Aot.Configuration;
using Registry.Aot.Configuration.Effective;

namespace Registry.Aot.Tests.Configuration;

/// <summary>What <c>config show</c> prints.</summary>
internal static class Shown
{
    /// <summary>The text for settings.</summary>
    public static string Of(Settings settings) => ConfigurationPrinter.Print(EffectiveConfiguration.Of(settings));

    /// <summary>The text without where each value came from.</summary>
    public static string WithoutOrigins(string shown) => string.Join('\n', shown.Split('\n').Select(WithoutOrigin));

    private static string WithoutOrigin(string line) => line.LastIndexOf("  # ", StringComparison.Ordinal) is >= 0 and var end ? line[..end] : line;
}
