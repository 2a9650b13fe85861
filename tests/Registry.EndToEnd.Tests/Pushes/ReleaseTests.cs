using Registry.EndToEnd.Clients;
using Registry.EndToEnd.Servers;
using Registry.Testing.Processes;
using Xunit;

namespace Registry.EndToEnd.Pushes;

/// <summary>A repository's kind outlives what is in it, until a command releases it: beside a running server, and without one.</summary>
public sealed class ReleaseTests : ServerTest
{
    private const string Kind = "docker/registry/v2/repositories/team/app/_registry/kind";

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Release_EmptyRepository_ForgetsItsKind(bool isRunning)
    {
        await using var server = await StartAsync();
        await PushAsync(server);
        var refused = await ReleaseAsync();
        Delete();
        if (!isRunning)
        {
            Assert.Equal(0, await server.StopAsync(Token));
        }

        var released = await ReleaseAsync();
        var again = await ReleaseAsync();

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("still holds images", refused.Error);
        Assert.Equal(0, released.ExitCode);
        Assert.Contains("team/app is free", released.Output);
        Assert.False(File.Exists(Path.Join(DataDirectory, Kind)));
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("There is no repository", again.Error);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ControlSocket_OfARunningServer_IsItsUsersAlone()
    {
        await using var server = await StartPrivateAsync();

        var mode = OperatingSystem.IsLinux() ? File.GetUnixFileMode(Path.Join(DataDirectory, "mirror/control.sock")) : default;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    private Task<RegistryProcess> StartAsync() => StartPrivateAsync();

    private async Task PushAsync(RegistryProcess server)
    {
        await using var origin = await StartUpstreamAsync();
        origin.Content.AddImage("library/alpine", "1", [10_000]);
        await Skopeo.CopyAsync($"{origin.Host}/library/alpine:1", $"{server.Host}/team/app:1", Token);
        Assert.Equal("local\n", await File.ReadAllTextAsync(Path.Join(DataDirectory, Kind), Token));
    }

    // What a delete by the API leaves: directories without links.
    private void Delete()
    {
        var repository = Path.Join(DataDirectory, "docker/registry/v2/repositories/team/app");
        foreach (var link in System.IO.Directory.GetFiles(repository, "link", SearchOption.AllDirectories))
        {
            File.Delete(link);
        }
    }

    private Task<CommandResult> ReleaseAsync() =>
        Command.RunAsync(RegistryProcess.Binary, ["repository", "release", "team/app", ConfigurationFile], Token);
}
