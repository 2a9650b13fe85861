using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Registry.Aot.Configuration;
using Registry.Aot.Serving;
using Registry.Server.Logging;
using Registry.Testing;

namespace Registry.Aot.Tests.Serving;

public sealed class ConfigurationReloadTests : IDisposable
{
    private const string Start = "version: 0.1\nlog: {level: info}\n";

    private readonly TemporaryDirectory _directory = new();
    private readonly MemoryStream _lines = new();
    private readonly LineLoggerProvider _logs;
    private readonly List<Settings> _applied = [];
    private readonly ConfigurationReload _reload;
    private string? _refusal;

    public ConfigurationReloadTests()
    {
        _logs = new LineLoggerProvider(new LogOptions(), new LogSink(_lines), TimeProvider.System);
        File.WriteAllText(Path, Start);
        _reload = new ConfigurationReload(Load(), Load, Apply, new FakeTimeProvider(), _logs.CreateLogger("registry"));
    }

    private string Path => _directory.File("config.yml");

    private string Said => System.Text.Encoding.UTF8.GetString(_lines.ToArray());

    public void Dispose()
    {
        _reload.Dispose();
        _logs.Dispose();
        _lines.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Look_FileThatStaysTheSame_TakesNothing()
    {
        Look(5);

        Assert.Empty(_applied);
        Assert.Empty(Said);
    }

    [Fact]
    public void Look_ChangedFile_IsTakenOnceWhenItHasBeenSeenTwice()
    {
        Write("version: 0.1\nlog: {level: debug}\n");
        Look(1);
        Assert.Empty(_applied);
        Look(3);

        Assert.Equal(LogLevel.Debug, Assert.Single(_applied).Log.Level);
        Assert.Contains("what has changed: log.level", Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_FileThatStillChanges_IsWaitedFor()
    {
        for (var size = 1; size < 5; size++)
        {
            Write($"version: 0.1\nhttp: {{limits: {{connections: {size}}}}}\n");
            Look(1);
        }

        Assert.Empty(_applied);
        Look(1);
        Assert.Equal(4, Assert.Single(_applied).Server.MaxConnections);
    }

    [Fact]
    public void Look_AnotherFileBehindTheLink_IsTaken()
    {
        File.WriteAllText(_directory.File("one"), Start);
        File.WriteAllText(_directory.File("two"), "version: 0.1\nlog: {level: error}\n");
        File.Delete(Path);
        File.CreateSymbolicLink(Path, _directory.File("one"));
        Look(3);
        Assert.Empty(_applied);

        File.CreateSymbolicLink(_directory.File("next"), _directory.File("two"));
        File.Move(_directory.File("next"), Path, overwrite: true);
        Look(2);

        Assert.Equal(LogLevel.Error, Assert.Single(_applied).Log.Level);
    }

    [Theory]
    [InlineData("version: 0.1\nlog: {level: loud}\n", "config.yml:2:14")]
    [InlineData("version: 0.1\nlog: [\n", "config.yml:3:1")]
    [InlineData("", "version is missing")]
    [InlineData("version: 0.1\nmirror: {upstreams: [{name: a.test, ca: /none/ca.pem}]}\n", "there is no file '/none/ca.pem'")]
    public void Look_WrongFile_IsRefusedOnceAndTheOldOneStays(string text, string expected)
    {
        Write(text);
        Look(4);

        Assert.Empty(_applied);
        Assert.Contains(expected, Assert.Single(Said.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Write("version: 0.1\nlog: {level: warn}\n");
        Look(2);
        Assert.Single(_applied);
    }

    [Fact]
    public void Look_FileIsGone_IsSaidOnceAndItsReturnIsNoNews()
    {
        File.Delete(Path);
        Look(4);
        Assert.Contains("there is none of that name", Assert.Single(Said.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        Write(Start);
        Look(2);

        Assert.Contains("what has changed: nothing", Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_KeyThatTakesARestart_ChangesNothingAtAll()
    {
        Write("version: 0.1\nlog: {level: debug}\nhttp: {addr: ':5001'}\nauth: {htpasswd: {path: /none}}\n");
        Look(2);

        Assert.Empty(_applied);
        Assert.Contains("has changed in http.addr, auth.htpasswd.path, which takes a restart", Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_FileThatStaysTheSame_IsTakenForTheFilesThatItNames()
    {
        _reload.Ask();
        Look(3);

        Assert.Single(_applied);
        Assert.Contains("what has changed: nothing", Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_WhatCannotBeApplied_IsRefusedAndComparedWithNextTime()
    {
        _refusal = "the file of authorities is broken";
        Write("version: 0.1\nlog: {level: debug}\n");
        Look(2);
        Assert.Contains(_refusal, Said, StringComparison.Ordinal);

        _refusal = null;
        _reload.Ask();
        Look(1);

        Assert.Single(_applied);
        Assert.Contains("what has changed: log.level", Said, StringComparison.Ordinal);
    }

    [Fact]
    public void IsRegular_Files_AndNoPipes()
    {
        File.CreateSymbolicLink(_directory.File("link"), Path);
        Assert.True(TextFile.IsRegular(Path));
        Assert.True(TextFile.IsRegular(_directory.File("link")));
        Assert.False(TextFile.IsRegular("/dev/null"));
        Assert.False(TextFile.IsRegular(_directory.File("none")));
    }

    private Settings Load() => ConfigurationLoader.Load(Path, new Dictionary<string, string>());

    private void Apply(Settings settings)
    {
        if (_refusal is not null)
        {
            throw new InvalidOperationException(_refusal);
        }

        _applied.Add(settings);
    }

    private void Write(string text) => File.WriteAllText(Path, text);

    private void Look(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _reload.Look();
        }
    }
}
