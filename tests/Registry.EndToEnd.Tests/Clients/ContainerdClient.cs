using Registry.Testing;
using Registry.Testing.Images;
using Registry.Testing.Processes;
using Xunit;

namespace Registry.EndToEnd.Clients;

/// <summary>A containerd of its own, driven by <c>ctr</c>, with a <c>hosts.toml</c> that sends docker.io to our server.</summary>
internal sealed class ContainerdClient : IImageClient
{
    private readonly Daemon _daemon;
    private readonly string _socket;
    private readonly string _hosts;

    private ContainerdClient(Daemon daemon, string socket, string hosts)
    {
        _daemon = daemon;
        _socket = socket;
        _hosts = hosts;
    }

    public static async Task<ContainerdClient> StartAsync(string mirror, TemporaryDirectory directory, CancellationToken cancellationToken)
    {
        var hosts = directory.Subdirectory("containerd-hosts");
        var host = Directory.CreateDirectory(Path.Combine(hosts, "docker.io")).FullName;
        var routes =
            $"""
            server = "http://{mirror}"
            [host."http://{mirror}"]
            capabilities = ["pull", "resolve"]
            """;
        await File.WriteAllTextAsync(Path.Combine(host, "hosts.toml"), routes, cancellationToken);
        var socket = directory.File("containerd.sock");
        var configuration =
            $"""
            version = 2
            root = "{directory.Subdirectory("containerd-root")}"
            state = "{directory.Subdirectory("containerd-state")}"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "{socket}"
            [plugins."io.containerd.internal.v1.opt"]
            path = "{directory.Subdirectory("containerd-opt")}"
            """;
        await File.WriteAllTextAsync(directory.File("containerd.toml"), configuration, cancellationToken);
        var client = new ContainerdClient(Daemon.Start("containerd", ["--config", directory.File("containerd.toml")]), socket, hosts);
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

    public async Task PullAsync(string name, string tag, Image expected, CancellationToken cancellationToken)
    {
        await RunAsync(["images", "pull", "--hosts-dir", _hosts, "--platform", $"linux/{expected.Architecture}", Reference(name, tag)], cancellationToken);
        var content = await RunAsync(["content", "ls", "--quiet"], cancellationToken);
        Assert.All(expected.Blobs, blob => Assert.Contains(blob.Digest.ToString(), content));
    }

    public async Task PushAsync(string name, string tag, string target, CancellationToken cancellationToken)
    {
        await RunAsync(["images", "tag", Reference(name, tag), target], cancellationToken);
        await RunAsync(["images", "push", "--plain-http", target], cancellationToken);
    }

    public async Task PullPushedAsync(string reference, Image expected, CancellationToken cancellationToken)
    {
        await RunAsync(["images", "pull", "--plain-http", "--platform", $"linux/{expected.Architecture}", reference], cancellationToken);
        Assert.Contains(expected.Config.Digest.ToString(), await RunAsync(["content", "ls", "--quiet"], cancellationToken));
    }

    public async Task RemoveAsync(string name, string tag, CancellationToken cancellationToken) =>
        await RunAsync(["images", "rm", "--sync", Reference(name, tag)], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_daemon.HasExited)
        {
            await _daemon.TerminateAsync(CancellationToken.None);
            await _daemon.WaitForExitAsync(CancellationToken.None);
        }

        await _daemon.DisposeAsync();
    }

    private static string Reference(string name, string tag) => $"docker.io/library/{name}:{tag}";

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync("ctr", ["--address", _socket, "version"], cancellationToken);
        return result.ExitCode == 0;
    }

    private async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync("ctr", ["--address", _socket, .. arguments], cancellationToken);
        return result.Succeeded();
    }
}
