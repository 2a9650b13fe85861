using System.Collections;

namespace Registry.Aot.Commands;

/// <summary>The environment that the process was started with.</summary>
internal static class ProcessEnvironment
{
    /// <summary>Takes a copy of it.</summary>
    public static IReadOnlyDictionary<string, string> Read() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            variable => (string)variable.Key,
            variable => (string?)variable.Value ?? "",
            StringComparer.Ordinal);
}
