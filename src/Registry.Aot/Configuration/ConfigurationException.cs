namespace Registry.Aot.Configuration;

/// <summary>The configuration is wrong.</summary>
internal sealed class ConfigurationException : Exception
{
    /// <summary>Creates it from what was found.</summary>
    public ConfigurationException(Diagnostics found)
        : base(string.Join(Environment.NewLine, found.Errors)) =>
        (Errors, Warnings) = (found.Errors, found.Warnings);

    /// <summary>Everything that is wrong, at least one.</summary>
    public IReadOnlyList<Diagnostic> Errors { get; }

    /// <summary>What is remarkable beside that.</summary>
    public IReadOnlyList<Diagnostic> Warnings { get; }
}
