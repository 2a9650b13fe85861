using Microsoft.Extensions.Logging;

namespace Registry.Server.Logging;

/// <summary>The application log: one line an event, in the form that the configuration wants. Thread-safe.</summary>
public sealed class LineLoggerProvider(LogOptions options, LogSink sink, TimeProvider time) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(options, sink, time, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
