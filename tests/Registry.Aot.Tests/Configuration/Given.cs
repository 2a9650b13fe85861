using Registry.Aot.Configuration;

namespace Registry.Aot.Tests.Configuration;

/// <summary>Loads configurations from text, as if it stood in <c>config.yml</c>.</summary>
internal static class Given
{
    /// <summary>The settings of a file, which must be right.</summary>
    public static Settings File(string text, params (string Name, string Value)[] environment) =>
        ConfigurationLoader.Load("config.yml", text, Variables(environment));

    /// <summary>The settings without a file, which must be right.</summary>
    public static Settings NoFile(params (string Name, string Value)[] environment) =>
        ConfigurationLoader.Load(file: null, text: null, Variables(environment));

    /// <summary>What is said about a file that is wrong.</summary>
    public static IReadOnlyList<string> ErrorsOf(string text, params (string Name, string Value)[] environment) =>
        [.. Assert.Throws<ConfigurationException>(() => File(text, environment)).Errors.Select(error => error.ToString())];

    /// <summary>The warnings about a file that is right.</summary>
    public static IReadOnlyList<string> WarningsOf(string text, params (string Name, string Value)[] environment) =>
        [.. File(text, environment).Warnings.Select(warning => warning.ToString())];

    private static Dictionary<string, string> Variables((string Name, string Value)[] environment) =>
        environment.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
}
