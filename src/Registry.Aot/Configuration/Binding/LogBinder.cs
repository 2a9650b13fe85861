using Microsoft.Extensions.Logging;
using Registry.Aot.Configuration.Tree;
using Registry.Server.Logging;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>log</c>.</summary>
internal static class LogBinder
{
    /// <summary>Binds the section.</summary>
    public static LogOptions Bind(SectionReader log) => new()
    {
        Level = log.Text("level")?.ToLowerInvariant() switch
        {
            "error" => LogLevel.Error,
            "warn" => LogLevel.Warning,
            "debug" => LogLevel.Debug,
            _ => LogLevel.Information,
        },
        Form = log.Text("formatter")?.ToLowerInvariant() switch
        {
            "json" => LogForm.Json,
            "logstash" => LogForm.Logstash,
            _ => LogForm.Text,
        },
        Fields = [.. log.Map("fields").Select(field => KeyValuePair.Create(field.Name, field.Value is ScalarNode { IsNull: false } text ? text.Text : ""))],
    };
}
