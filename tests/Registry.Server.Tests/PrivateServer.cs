using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Registry.Mirror;
using Registry.Mirror.Upstreams;
using Registry.Storage;
using Registry.Testing;
using Xunit;

namespace Registry.Server.Tests;

/// <summary>A registry in this process, on loopback, with a data directory of its own that lies alone in another: private, or a mirror of one upstream.</summary>
internal sealed class PrivateServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Store _store;
    private readonly PullThrough _pulls;
    private readonly RegistryServer _server;

    private PrivateServer(ServerOptions options, Uri? upstream, TimeProvider time, ValidationOptions validation)
    {
        var mirror = upstream is null
            ? new MirrorOptions()
            : new MirrorOptions { Default = upstream.Authority, Upstreams = [new UpstreamOptions { Name = upstream.Authority, Endpoints = [new EndpointOptions(upstream)] }] };
        _store = Store.Open(new StorageOptions { RootDirectory = DataDirectory }, mirror.Default, time);
        _pulls = new PullThrough(mirror, null, _store, time, NullLogger.Instance);
        _server = RegistryServer.Create(
            options with { Address = "127.0.0.1:0" }, new WriteOptions { AllowsDelete = true, Validation = validation }, _store, _pulls, null, NullLoggerFactory.Instance, time);
    }

    /// <summary>The directory above the data, in which nothing else may ever be.</summary>
    public string Above => _directory.Path;

    public string DataDirectory => _directory.Subdirectory("data");

    public Store Store => _store;

    public Uri Url => new(_server.Address);

    public static async Task<PrivateServer> StartAsync(
        ServerOptions? options = null, Uri? upstream = null, TimeProvider? time = null, ValidationOptions? validation = null)
    {
        var server = new PrivateServer(options ?? new ServerOptions(), upstream, time ?? TimeProvider.System, validation ?? new ValidationOptions());
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Sends a request as it stands, nothing in it put right, and gives the answer's status and all of its text.</summary>
    public async Task<(int Status, string Text)> SendAsync(string method, string target, string headers, ReadOnlyMemory<byte> body)
    {
        var token = TestContext.Current.CancellationToken;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Url.Port, token);
        var head = $"{method} {target} HTTP/1.1\r\nHost: {Url.Authority}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n{headers}\r\n";
        await socket.SendAsync(Encoding.Latin1.GetBytes(head), token);
        await socket.SendAsync(body, token);
        var answer = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await socket.ReceiveAsync(buffer, token)) > 0)
        {
            await answer.WriteAsync(buffer.AsMemory(0, read), token);
        }

        var text = Encoding.UTF8.GetString(answer.ToArray());
        return (int.Parse(text.AsSpan("HTTP/1.1 ".Length, 3), System.Globalization.CultureInfo.InvariantCulture), text);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _pulls.DisposeAsync();
        _store.Dispose();
        _directory.Dispose();
    }
}
