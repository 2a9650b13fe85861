using Microsoft.Extensions.Logging;

namespace Registry.Server.Logging;

/// <summary>How the application log is written (<c>log</c>). Immutable.</summary>
public sealed record LogOptions
{
    /// <summary>Lowest level that is written.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>The form of a line.</summary>
    public LogForm Form { get; init; } = LogForm.Text;

    /// <summary>Fields added to every line.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];
}
