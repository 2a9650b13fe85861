using Registry.Testing;
using Registry.Testing.Images;
using Registry.Testing.Processes;
using Xunit;

namespace Registry.EndToEnd.Clients;

/// <summary>A Docker daemon of its own, with its own containerd, that has our server among its <c>registry-mirrors</c>.</summary>
internal sealed class DockerClient : IImageClient
{
    private readonly Daemon _daemon;
    private readonly Dictionary<string, string?> _environment;

    private DockerClient(Daemon daemon, string socket, string configuration)
    {
        _daemon = daemon;
        _environment = new Dictionary<string, string?> { ["DOCKER_HOST"] = $"unix://{socket}", ["DOCKER_CONFIG"] = configuration };
    }

    public static async Task<DockerClient> StartAsync(string mirror, TemporaryDirectory directory, CancellationToken cancellationToken)
    {
        var socket = directory.File("docker.sock");
        string[] arguments =
        [
            "--iptables=false", "--ip6tables=false", "--bridge=none", "--registry-mirror", $"http://{mirror}",
            "--config-file", directory.File("daemon.json"),
            "--data-root", directory.Subdirectory("docker-data"), "--exec-root", directory.Subdirectory("docker-exec"),
            "--host", $"unix://{socket}", "--pidfile", directory.File("docker.pid"),
        ];
        await File.WriteAllTextAsync(directory.File("daemon.json"), "{}", cancellationToken);
        var client = new DockerClient(Daemon.Start("dockerd", arguments), socket, directory.Subdirectory("docker-config"));
        try
        {
            await client._daemon.WaitUntilAsync(client.AnswersAsync, cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public Task PullAsync(string name, string tag, Image expected, CancellationToken cancellationToken) =>
        PullPushedAsync($"{name}:{tag}", expected, cancellationToken);

    public async Task PushAsync(string name, string tag, string target, CancellationToken cancellationToken)
    {
        await RunAsync(["image", "tag", $"{name}:{tag}", target], cancellationToken);
        await RunAsync(["push", "--quiet", target], cancellationToken);
    }

    public async Task PullPushedAsync(string reference, Image expected, CancellationToken cancellationToken)
    {
        await RunAsync(["pull", "--quiet", reference], cancellationToken);
        var id = await RunAsync(["image", "inspect", "--format", "{{.Id}}", reference], cancellationToken);
        Assert.Equal(expected.Config.Digest.ToString(), id);
    }

    /// <summary>Logs in to a registry; failure is an answer.</summary>
    public Task<CommandResult> TryLoginAsync(string host, string user, string password, CancellationToken cancellationToken) =>
        Command.RunAsync("docker", ["login", "--username", user, "--password", password, host], cancellationToken, _environment);

    /// <summary>Makes the daemon's client believe that it is logged in to Docker Hub with that password.</summary>
    public Task PretendHubLoginAsync(string user, string password, CancellationToken cancellationToken)
    {
        var credentials = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}"));
        return File.WriteAllTextAsync(
            Path.Join(_environment["DOCKER_CONFIG"], "config.json"), $"{{\"auths\":{{\"https://index.docker.io/v1/\":{{\"auth\":\"{credentials}\"}}}}}}", cancellationToken);
    }

    /// <summary>Pulls an image of Docker Hub; failure is an answer.</summary>
    public Task<CommandResult> TryPullAsync(string reference, CancellationToken cancellationToken) =>
        Command.RunAsync("docker", ["pull", "--quiet", reference], cancellationToken, _environment);

    public async Task RemoveAsync(string name, string tag, CancellationToken cancellationToken) =>
        await RunAsync(["image", "rm", "--force", $"{name}:{tag}"], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // In order first: a killed daemon leaves its containerd and its mounts behind.
        if (!_daemon.HasExited)
        {
            await _daemon.TerminateAsync(CancellationToken.None);
            await _daemon.WaitForExitAsync(CancellationToken.None);
        }

        await _daemon.DisposeAsync();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync("docker", ["version"], cancellationToken, _environment);
        return result.ExitCode == 0;
    }

    private async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync("docker", arguments, cancellationToken, _environment);
        return result.Succeeded();
    }
}
