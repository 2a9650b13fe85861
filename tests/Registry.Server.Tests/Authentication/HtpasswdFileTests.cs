using Microsoft.Extensions.Time.Testing;
using Registry.Server.Authentication;
using Registry.Server.Logging;
using Registry.Testing;
using Xunit;

namespace Registry.Server.Tests.Authentication;

public sealed class HtpasswdFileTests : IAsyncDisposable
{
    private static readonly string Hash = $"$2y$05${new string('a', 53)}";

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly LineRecorder _log = new();
    private readonly LineLoggerProvider _provider;

    public HtpasswdFileTests() => _provider = new LineLoggerProvider(new LogOptions(), new LogSink(_log), _time);

    private string Path => _directory.File("htpasswd");

    [Fact]
    public void Users_FileWritten_AreReadWithinTwoSeconds()
    {
        File.WriteAllText(Path, $"alice:{Hash}\n");
        using var file = Open();
        Assert.NotNull(file.Users.Find("alice"));

        File.WriteAllText(Path, $"bobby:{Hash}\n");
        Wait();

        Assert.Null(file.Users.Find("alice"));
        Assert.NotNull(file.Users.Find("bobby"));
    }

    [Fact]
    public void Users_FileRenamedOver_AreRead()
    {
        File.WriteAllText(Path, $"alice:{Hash}\n");
        File.WriteAllText(_directory.File("new"), $"bobby:{Hash}\n");
        File.SetLastWriteTimeUtc(_directory.File("new"), File.GetLastWriteTimeUtc(Path));
        using var file = Open();
        File.Move(_directory.File("new"), Path, overwrite: true);
        Wait();

        Assert.NotNull(file.Users.Find("bobby"));
    }

    [Fact]
    public void Users_LinkTurned_AreRead()
    {
        File.WriteAllText(_directory.File("old"), $"alice:{Hash}\n");
        File.WriteAllText(_directory.File("new"), $"bobby:{Hash}\n");
        File.CreateSymbolicLink(Path, _directory.File("old"));
        using var file = Open();
        File.CreateSymbolicLink(_directory.File("turned"), _directory.File("new"));
        File.Move(_directory.File("turned"), Path, overwrite: true);
        Wait();

        Assert.NotNull(file.Users.Find("bobby"));
    }

    [Fact]
    public void Users_FileMissingAtFirst_AreReadWhenItComes()
    {
        using var file = Open();
        Assert.Empty(file.Users.Names);
        Assert.Contains(_log.Lines, line => line.Contains("nobody can log in", StringComparison.Ordinal));

        File.WriteAllText(Path, $"alice:{Hash}\n");
        Wait();

        Assert.NotNull(file.Users.Find("alice"));
    }

    [Fact]
    public void Users_PathOfADirectory_IsSaidToBeOne()
    {
        // As in Debian's own configuration of distribution.
        Directory.CreateDirectory(_directory.File("htpasswd"));

        using var file = Open();

        Assert.Empty(file.Users.Names);
        Assert.Contains("it is a directory", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Users_FileGone_StayAndAreToldOfOnce()
    {
        File.WriteAllText(Path, $"alice:{Hash}\n");
        using var file = Open();
        File.Delete(Path);
        Wait();
        Wait();

        Assert.NotNull(file.Users.Find("alice"));
        Assert.Single(_log.Lines, line => line.Contains("the users known before stay", StringComparison.Ordinal));
    }

    [Fact]
    public void Users_FileCaughtWhileItIsWritten_IsNotTakenForTheWhole()
    {
        File.WriteAllText(Path, $"alice:{Hash}\n");
        using var file = Open();
        File.WriteAllText(Path, "");
        _time.Advance(TimeSpan.FromMilliseconds(750));
        File.WriteAllText(Path, $"alice:{Hash}\nbobby:{Hash}\n");
        _time.Advance(TimeSpan.FromMilliseconds(750));

        Assert.NotNull(file.Users.Find("alice"));
        Wait();
        Assert.NotNull(file.Users.Find("bobby"));
    }

    [Fact]
    public void Log_WrongLine_NamesItByNumberAndShowsNoHash()
    {
        File.WriteAllText(Path, $"alice:{Hash}\nbobby:$apr1$s3cr3t\n");
        using var file = Open();

        Assert.Contains(_log.Lines, line => line.Contains($"{Path}:2: ", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("s3cr3t", StringComparison.Ordinal) || line.Contains(Hash, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        _provider.Dispose();
        await _log.DisposeAsync();
        _directory.Dispose();
    }

    private HtpasswdFile Open() => new(Path, _time, _provider.CreateLogger("registry"));

    private void Wait()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
    }
}
