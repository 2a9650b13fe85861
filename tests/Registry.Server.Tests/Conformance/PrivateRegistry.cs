using Registry.EndToEnd.Servers;
using Registry.Server.Tests;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>A private registry in this process that allows deletion, shared by the tests of one class.</summary>
public sealed class PrivateRegistry : IAsyncLifetime
{
    private PrivateServer? _server;
    private RegistryApi? _api;

    internal RegistryApi Api => _api!;

    internal string DataDirectory => _server!.DataDirectory;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await PrivateServer.StartAsync();
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
    }
}
