using Microsoft.Extensions.Logging;

namespace Registry.Server.Logging;

/// <summary>distribution's names of the levels.</summary>
internal static class LogLevels
{
    public static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
