using Registry.Testing.Processes;

namespace Registry.EndToEnd.Servers;

/// <summary>The published native binary, serving. Disposing of it kills it.</summary>
internal sealed class RegistryProcess : IAsyncDisposable
{
    private const string BinaryVariable = "REGISTRY_BINARY";

    // The server reads REGISTRY_… as configuration and would warn of this one.
    private static readonly Dictionary<string, string?> ServerEnvironment = new() { [BinaryVariable] = null };

    private RegistryProcess(Daemon process, int port)
    {
        Process = process;
        Port = port;
    }

    /// <summary>The binary under test.</summary>
    /// <exception cref="InvalidOperationException">The environment does not name it, or it is not there: a failure, never a reason to skip.</exception>
    public static string Binary
    {
        get
        {
            var path = Environment.GetEnvironmentVariable(BinaryVariable);
            return File.Exists(path)
                ? path
                : throw new InvalidOperationException($"{BinaryVariable} must name the published native binary; tests/run publishes it and sets it.");
        }
    }

    /// <summary>The process.</summary>
    public Daemon Process { get; }

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

    /// <summary>The server as image names have it.</summary>
    public string Host => $"127.0.0.1:{Port}";

    /// <summary>The server's address.</summary>
    public Uri Url => new($"http://{Host}");

    /// <summary>Starts the binary with that configuration, which names that port, and waits until it answers.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="port">The port that it names.</param>
    /// <param name="file">Where the configuration is written.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="group">Bounds its memory; null: nothing does.</param>
    /// <param name="tracer">A command that becomes the server and watches it, with its arguments; null: nobody does.</param>
    public static async Task<RegistryProcess> StartAsync(
        string configuration, int port, string file, CancellationToken cancellationToken, MemoryGroup? group = null, IReadOnlyList<string>? tracer = null)
    {
        await File.WriteAllTextAsync(file, configuration, cancellationToken);
        string[] command = [.. tracer ?? [], Binary, "serve", file];
        var (program, arguments) = group?.Wrap(command[0], command[1..]) ?? (command[0], command[1..]);
        var server = new RegistryProcess(Daemon.Start(program, arguments, ServerEnvironment), port);
        try
        {
            await server.Process.WaitUntilAsync(token => Readiness.AnswersAsync(server.Url, token), cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the binary with a configuration that is expected to end it.</summary>
    public static async Task<CommandResult> RunAsync(string configuration, string file, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(file, configuration, cancellationToken);
        return await Command.RunAsync(Binary, ["serve", file], cancellationToken, ServerEnvironment);
    }

    /// <summary>Asks it to end, waits for that and returns its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        await Process.TerminateAsync(cancellationToken);
        return await Process.WaitForExitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
