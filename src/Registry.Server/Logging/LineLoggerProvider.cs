using Microsoft.Extensions.Logging;

namespace Registry.Server.Logging;

/// <summary>The application log: one line an event, in the form that the configuration wants. Thread-safe.</summary>
public sealed class LineLoggerProvider(LogOptions options, LogSink sink, TimeProvider time) : ILoggerProvider
{
    private volatile LogLevel _level = options.Level;

    /// <summary>Lowest level that is written, at first that of the options; may be set at any time.</summary>
    public LogLevel Level
    {
        get => _level;
        set => _level = value;
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this, options, sink, time, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
