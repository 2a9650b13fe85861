using Registry.Testing;
using Registry.Testing.Images;
using Registry.Testing.Processes;
using Xunit;

namespace Registry.EndToEnd.Clients;

/// <summary>podman or buildah, which share storage, configuration and transport. Neither leaves a process behind.</summary>
internal sealed class PodmanClient : IImageClient
{
    private readonly string _program;
    private readonly string[] _storage;
    private readonly Dictionary<string, string?> _environment;

    private PodmanClient(string program, string registries, TemporaryDirectory directory)
    {
        _program = program;
        _storage =
        [
            "--root", directory.Subdirectory($"{program}-root"),
            "--runroot", directory.Subdirectory($"{program}-runroot"),
            "--storage-driver", "vfs",
        ];
        _environment = new Dictionary<string, string?>
        {
            ["CONTAINERS_REGISTRIES_CONF"] = registries,
            ["XDG_RUNTIME_DIR"] = directory.Subdirectory($"{program}-run"),
        };
    }

    public static async Task<PodmanClient> CreateAsync(
        string program, string mirror, TemporaryDirectory directory, CancellationToken cancellationToken)
    {
        var registries = directory.File($"{program}-registries.conf");
        var text =
            $"""
            [[registry]]
            prefix = "docker.io"
            location = "docker.io"
            [[registry.mirror]]
            location = "{mirror}"
            insecure = true
            """;
        await File.WriteAllTextAsync(registries, text, cancellationToken);
        return new PodmanClient(program, registries, directory);
    }

    public async Task PullAsync(string name, string tag, Image expected, CancellationToken cancellationToken)
    {
        var pulled = await RunAsync(["pull", "--quiet", Reference(name, tag)], cancellationToken);
        Assert.Equal(expected.Config.Digest.Hex, pulled);
    }

    public async Task PushAsync(string name, string tag, string target, CancellationToken cancellationToken) =>
        await RunAsync(["push", "--quiet", "--tls-verify=false", Reference(name, tag), $"docker://{target}"], cancellationToken);

    public async Task PullPushedAsync(string reference, Image expected, CancellationToken cancellationToken)
    {
        var pulled = await RunAsync(["pull", "--quiet", "--tls-verify=false", reference], cancellationToken);
        Assert.Equal(expected.Config.Digest.Hex, pulled);
    }

    public async Task RemoveAsync(string name, string tag, CancellationToken cancellationToken) =>
        await RunAsync(["rmi", Reference(name, tag)], cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Reference(string name, string tag) => $"docker.io/library/{name}:{tag}";

    private async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(_program, [.. _storage, .. arguments], cancellationToken, _environment);
        return result.Succeeded();
    }
}
