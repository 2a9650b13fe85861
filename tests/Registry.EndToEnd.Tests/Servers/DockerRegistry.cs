using Registry.Testing.Processes;

namespace Registry.EndToEnd.Servers;

/// <summary>Debian's docker-registry (distribution 2.8): the registry that ours replaces, as upstream and as reader of the same directory.</summary>
internal sealed class DockerRegistry : IAsyncDisposable
{
    private readonly Daemon _process;

    private DockerRegistry(Daemon process, int port)
    {
        _process = process;
        Host = $"127.0.0.1:{port}";
    }

    /// <summary>The server as image names have it.</summary>
    public string Host { get; }

    /// <summary>The server's address.</summary>
    public Uri Url => new($"http://{Host}");

    /// <summary>Starts it on a directory, which may hold content already, and waits until it answers.</summary>
    public static async Task<DockerRegistry> StartAsync(string rootDirectory, string file, CancellationToken cancellationToken)
    {
        var port = FreePort.Find();
        await File.WriteAllTextAsync(file, RegistryConfiguration.Private(rootDirectory, port), cancellationToken);
        var server = new DockerRegistry(Daemon.Start("docker-registry", ["serve", file]), port);
        try
        {
            await server._process.WaitUntilAsync(token => Readiness.AnswersAsync(server.Url, token), cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
