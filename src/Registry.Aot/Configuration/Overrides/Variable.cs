using System.Globalization;

namespace Registry.Aot.Configuration.Overrides;

/// <summary>An environment variable whose name begins with the prefix. Immutable.</summary>
/// <param name="Name">The whole name.</param>
/// <param name="Value">The value.</param>
internal sealed record Variable(string Name, string Value)
{
    /// <summary>The path that the name means, in lower case.</summary>
    public IReadOnlyList<string> Parts { get; } = Name[EnvironmentOverrides.Prefix.Length..].ToLowerInvariant().Split('_');

    /// <summary>Parses the number of an item.</summary>
    public static bool TryParseIndex(string part, out int index) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
