using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Registry.Server.Logging;
using Xunit;

namespace Registry.Server.Tests.Logging;

public sealed partial class LineTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly Gen<string> Hostile =
        Gen.Char["ab\"\\\n\r\t\0\u0001\u001b\u007f\u0085\u009b\u2028\u2029= {}'\ud800"].Array[0, 12].Select(characters => new string(characters));

    [Fact]
    public void Text_Event_HasDistributionsForm()
    {
        Assert.Equal(
            "time=\"2030-01-02T03:04:05.6780000Z\" level=warning msg=\"lost \\\"one\\\" of 7\" what=\"\\\"one\\\"\" count=7 environment=production\n",
            Write(LogForm.Text, logger => Lost(logger, "\"one\"", 7)));
        Assert.Contains(" what=\"\" ", Write(LogForm.Text, logger => Lost(logger, "", 7)), StringComparison.Ordinal);
        Assert.Contains(" what=a/b:c ", Write(LogForm.Text, logger => Lost(logger, "a/b:c", 7)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogForm.Json, "time", "msg")]
    [InlineData(LogForm.Logstash, "@timestamp", "message")]
    public void Json_Event_HasDistributionsForm(LogForm form, string time, string message)
    {
        using var line = JsonDocument.Parse(Write(form, logger => Lost(logger, "one", 7)));
        Assert.Equal("2030-01-02T03:04:05.6780000Z", line.RootElement.GetProperty(time).GetString());
        Assert.Equal("warning", line.RootElement.GetProperty("level").GetString());
        Assert.Equal("lost one of 7", line.RootElement.GetProperty(message).GetString());
        Assert.Equal("one", line.RootElement.GetProperty("what").GetString());
        Assert.Equal("7", line.RootElement.GetProperty("count").GetString());
        Assert.Equal("production", line.RootElement.GetProperty("environment").GetString());
        Assert.Equal(form == LogForm.Logstash, line.RootElement.TryGetProperty("@version", out _));
    }

    [Fact]
    public void Text_AnyValue_IsOneLineWithoutControlCharacters() => Hostile.Sample(value => IsOneLine(Write(LogForm.Text, logger => Lost(logger, value, 7))));

    [Fact]
    public void Json_AnyValue_IsOneLineThatParses() => Hostile.Sample(value =>
    {
        var line = Write(LogForm.Json, logger => Lost(logger, value, 7));
        using var json = JsonDocument.Parse(line);
        return IsOneLine(line) && (value.Contains('\ud800') || json.RootElement.GetProperty("what").GetString() == value);
    });

    [Fact]
    public void Text_Exception_IsAField() =>
        Assert.Contains(" error=\"System.InvalidOperationException: why\"", Write(LogForm.Text, logger => Failed(logger, new InvalidOperationException("why"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("registry", LogLevel.Information, true)]
    [InlineData("registry", LogLevel.Debug, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning, true)]
    public void IsEnabled_Levels_AreThoseOfTheOptions(string category, LogLevel level, bool isEnabled)
    {
        using var stream = new MemoryStream();
        using var provider = new LineLoggerProvider(new LogOptions(), new LogSink(stream), TimeProvider.System);
        Assert.Equal(isEnabled, provider.CreateLogger(category).IsEnabled(level));
    }

    [Fact]
    public void Write_SinkThatIsGone_IsQuiet()
    {
        using var stream = new ClosedPipe();
        var sink = new LogSink(stream);
        sink.Write("one\n"u8);
        sink.Write("two\n"u8);
        Assert.Equal(1, stream.Writes);
    }

    private static bool IsOneLine(string line) => line.EndsWith('\n') && !line.AsSpan(0, line.Length - 1).ContainsAnyInRange('\0', '\u001f') && !line[..^1].Any(char.IsControl);

    private static string Write(LogForm form, Action<ILogger> log)
    {
        using var stream = new MemoryStream();
        var options = new LogOptions { Form = form, Fields = [new("environment", "production")] };
        using var provider = new LineLoggerProvider(options, new LogSink(stream), new FakeTimeProvider(Now));
        log(provider.CreateLogger("registry"));
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [LoggerMessage(1, LogLevel.Warning, "lost {What} of {Count}")]
    private static partial void Lost(ILogger logger, string what, int count);

    [LoggerMessage(2, LogLevel.Error, "failed")]
    private static partial void Failed(ILogger logger, Exception exception);

    private sealed class ClosedPipe : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            throw new IOException("Broken pipe");
        }
    }
}
