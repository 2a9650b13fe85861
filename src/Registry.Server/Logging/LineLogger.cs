using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Registry.Server.Logging;

/// <summary>Writes events of one category as lines. Thread-safe; a line is built in a buffer of the thread's own.</summary>
internal sealed class LineLogger(LineLoggerProvider provider, LogOptions options, LogSink sink, TimeProvider time, string category) : ILogger
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    // The framework's own news is not the operator's; its warnings are. A failed start is reported in words of ours.
    private readonly LogLevel _least =
        category.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal) ? LogLevel.None
        : category.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning
        : LogLevel.Trace;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && logLevel >= provider.Level && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var buffer = _buffer ??= new ArrayBufferWriter<byte>(512);
        buffer.ResetWrittenCount();
        var line = new LogLine(time.GetUtcNow(), LogLevels.Name(logLevel), formatter(state, exception), exception, state as IReadOnlyList<KeyValuePair<string, object?>>);
        if (options.Form == LogForm.Text)
        {
            TextLine.Write(buffer, line, options.Fields);
        }
        else
        {
            JsonLine.Write(buffer, line, options.Fields, isLogstash: options.Form == LogForm.Logstash);
        }

        sink.Write(buffer.WrittenSpan);
    }
}
