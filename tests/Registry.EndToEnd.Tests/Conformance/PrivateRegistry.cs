using Registry.EndToEnd.Servers;
using Registry.Testing;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>A plain private registry on loopback that allows deletion, shared by the tests of one class.</summary>
public sealed class PrivateRegistry : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private RegistryProcess? _server;
    private RegistryApi? _api;

    internal RegistryApi Api => _api!;

    internal RegistryProcess Server => _server!;

    internal string DataDirectory => _directory.Subdirectory("data");

    internal static string Configuration(string rootDirectory, int port, string storage = "", string http = "") =>
        $$"""
        version: 0.1
        storage:
          filesystem: {rootdirectory: {{rootDirectory}}}
          delete: {enabled: true}
          {{storage}}
        http:
          addr: 127.0.0.1:{{port}}
          {{http}}
        """;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var port = FreePort.Find();
        _server = await RegistryProcess.StartAsync(Configuration(DataDirectory, port), port, _directory.File("config.yml"), TestContext.Current.CancellationToken);
        _api = new RegistryApi(_server.Url);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _directory.Dispose();
    }
}
