using System.CommandLine;
using Registry.Aot.Commands;

namespace Registry.Aot.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task ConfigCheck_RightFile_SaysSoInOneLine()
    {
        await WriteAsync("version: 0.1\nhttp: {h2c: {enabled: true}}");

        var (exitCode, output, error) = await RunAsync("config", "check", _file);

        Assert.Equal(0, exitCode);
        Assert.Equal($"{_file} is right.{Environment.NewLine}", output);
        Assert.Equal($"warning: {_file}:2:8: http.h2c is a key of distribution that is not acted on{Environment.NewLine}", error);
    }

    [Fact]
    public async Task ConfigShow_RightFile_PrintsWhatIsInForce()
    {
        await WriteAsync("version: 0.1\nhttp: {prefix: /r/}");

        var (exitCode, output, error) = await RunAsync("config", "show", _file);

        Assert.Equal(0, exitCode);
        Assert.Contains($"\nhttp:\n  addr: :5000  # default\n  net: tcp  # default\n  prefix: /r/  # {_file}:2:16\n", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("config", "check")]
    [InlineData("config", "show")]
    [InlineData("serve")]
    public async Task Command_WrongFile_TellsAllOnStandardErrorAndEndsWithTwo(params string[] command)
    {
        await WriteAsync("version: 0.1\nlog: {level: loud}\nhttp: {adr: 1}");

        var (exitCode, output, error) = await RunAsync([.. command, "-c", _file]);

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Equal(
            [
                $"{_file}:2:14: log.level: 'loud' is not known here; expected one of error, warn, info, debug",
                $"{_file}:3:8: unknown key 'adr': there is none in http; the nearest known key is 'addr'",
            ],
            error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task ConfigCheck_NoSuchFile_EndsWithTwo()
    {
        var (exitCode, _, error) = await RunAsync("config", "check", "/no/such.yml");

        Assert.Equal(2, exitCode);
        Assert.Equal($"/no/such.yml: the file cannot be read: there is none of that name{Environment.NewLine}", error);
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("no-such-command")]
    [InlineData("config")]
    [InlineData]
    [InlineData("config", "check", "a.yml", "-c", "b.yml")]
    [InlineData("config", "check", "a.yml", "b.yml")]
    public async Task Call_Wrong_EndsWithTwo(params string[] call)
    {
        var (exitCode, _, error) = await RunAsync(call);

        Assert.Equal(2, exitCode);
        Assert.NotEmpty(error);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    [InlineData("--help")]
    [InlineData("config", "check", "--help")]
    public async Task Call_ForInformation_EndsWithZero(params string[] call)
    {
        var (exitCode, output, error) = await RunAsync(call);

        Assert.Equal(0, exitCode);
        Assert.NotEmpty(output);
        Assert.Empty(error);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] call)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error };
        var exitCode = await CommandLine.RunAsync(call, new Dictionary<string, string>(StringComparer.Ordinal), configuration, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }

    private Task WriteAsync(string text) => File.WriteAllTextAsync(_file, text, TestContext.Current.CancellationToken);
}
