using Registry.Aot.Configuration.Overrides;

namespace Registry.Aot.Configuration;

/// <summary>Where the configuration file is.</summary>
internal static class ConfigurationLocation
{
    /// <summary>The file that is used when no other is named, if it exists.</summary>
    public const string Default = "/etc/docker/registry/config.yml";

    /// <summary>The file that the command names, else the variable's, else the default one if it exists; null: there is none.</summary>
    public static string? Find(string? named, IReadOnlyDictionary<string, string> environment, Func<string, bool> exists) =>
        !string.IsNullOrEmpty(named) ? named
        : environment.GetValueOrDefault(EnvironmentOverrides.PathVariable) is { Length: > 0 } path ? path
        : exists(Default) ? Default
        : null;
}
