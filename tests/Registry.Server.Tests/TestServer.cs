using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Registry.Mirror;
using Registry.Mirror.Fetches;
using Registry.Mirror.Upstreams;
using Registry.Server.Logging;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Manifests;
using Registry.Storage.Repositories;
using Registry.Testing;
using Xunit;

namespace Registry.Server.Tests;

/// <summary>A server on a free port, with a store of its own, that mirrors a scripted upstream as docker.io when it is given one.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LineRecorder _access = new();
    private readonly LineRecorder _log = new();
    private readonly LineLoggerProvider _provider;
    private readonly LoggerFactory _logs;
    private readonly PullThrough _pulls;
    private readonly RegistryServer _server;
    private readonly MirrorOptions _mirror;
    private ServerOptions _options;

    private TestServer(ScriptedUpstream? upstream, ServerOptions options, UpstreamCredential? account)
    {
        var mirror = new MirrorOptions { Fetch = new FetchOptions { RetryFor = TimeSpan.FromSeconds(1) } };
        if (upstream is not null)
        {
            var hub = new UpstreamOptions { Name = "docker.io", Endpoints = [new EndpointOptions(upstream.Url) { Credential = account }] };
            mirror = mirror with { Default = hub.Name, Upstreams = [hub] };
        }

        _mirror = mirror;
        _options = options;
        _provider = new LineLoggerProvider(new LogOptions(), new LogSink(_log), TimeProvider.System);
        _logs = new LoggerFactory([_provider]);
        Store = Store.Open(new StorageOptions { RootDirectory = _directory.Subdirectory("data") }, mirror.Default, TimeProvider.System);
        _pulls = new PullThrough(mirror, null, Store, TimeProvider.System, _logs.CreateLogger("registry"));
        _server = RegistryServer.Create(options, WritesOf(options), Store, _pulls, new AccessLog(new LogSink(_access), TimeProvider.System), _logs, TimeProvider.System);
    }

    public Store Store { get; }

    /// <summary>The directory above the data.</summary>
    public string Outside => _directory.Path;

    public HttpClient Client { get; private set; } = null!;

    public string[] AccessLines => _access.Lines;

    public string[] LogLines => _log.Lines;

    public Uri Address => new(_server.Address);

    public Uri PlainAddress => new(_server.PlainAddress);

    public static async Task<TestServer> StartAsync(ScriptedUpstream? upstream = null, ServerOptions? options = null, UpstreamCredential? account = null)
    {
        var server = new TestServer(upstream, options is { UnixSocket: true } ? options : (options ?? new ServerOptions()) with { Address = "127.0.0.1:0" }, account);
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => TestTls.IsServer(certificate);
        server.Client = new HttpClient(handler) { BaseAddress = server.Address };
        return server;
    }

    /// <summary>Puts a blob into a repository of its own, as a push does.</summary>
    public Digest AddBlob(string name, ReadOnlySpan<byte> content)
    {
        var digest = Digest.Of(DigestAlgorithm.Sha256, content);
        var repository = RepositoryName.Parse(name);
        Store.Kinds.Decide(repository, RepositoryKind.Local);
        Store.Blobs.Put(digest, content);
        Store.Layers.Add(repository, digest, digest);
        return digest;
    }

    /// <summary>Puts a manifest and a tag into a repository of its own, as a push does.</summary>
    public Digest AddManifest(string name, string tag, string content, string mediaType = MediaType.OciManifest)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = Digest.Of(DigestAlgorithm.Sha256, bytes);
        var repository = RepositoryName.Parse(name);
        Store.Kinds.Decide(repository, RepositoryKind.Local);
        Store.Manifests.Put(repository, new StoredManifest(digest, mediaType, bytes));
        Store.Tags.Set(repository, Tag.Parse(tag), digest);
        return digest;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    public Task<HttpResponseMessage> HeadAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Head, path, headers);

    /// <summary>A connection of which the test says every byte.</summary>
    public Task<RawConnection> ConnectAsync() => RawConnection.OpenAsync(Address);

    /// <summary>Cuts the file of a blob short.</summary>
    public void Truncate(Digest digest, long length)
    {
        var path = Path.Join(_directory.Path, "data/docker/registry/v2/blobs", $"{digest.Algorithm}".ToLowerInvariant(), digest.Hex[..2], digest.Hex, "data");
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, length);
    }

    /// <summary>Puts other options in force, as a changed configuration does.</summary>
    public void Reload(Func<ServerOptions, ServerOptions> change, Func<MirrorOptions, MirrorOptions>? changeMirror = null)
    {
        _options = change(_options);
        _pulls.Reload(changeMirror is null ? _mirror : changeMirror(_mirror));
        _server.Reload(_options, WritesOf(_options));
    }

    /// <summary>Stops as a signal does.</summary>
    public Task StopAsync() => _server.StopAsync();

    /// <summary>Sends bytes as they are, since a well-behaved client would not, and gives all that comes until the server closes.</summary>
    public async Task<string> SendRawAsync(string request, Uri? to = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var connection = new TcpClient();
        await connection.ConnectAsync((to ?? Address).Host, (to ?? Address).Port, cancellation);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(cancellation);
    }

    /// <summary>Waits until so many requests are in the access log: a line is written a moment after its answer.</summary>
    public Task<string[]> AccessLinesAsync(int count) => _access.WaitAsync(count, TestContext.Current.CancellationToken);

    private static WriteOptions WritesOf(ServerOptions options) => new() { AllowsDelete = options.Passwords is not null };

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _server.DisposeAsync();
        await _pulls.DisposeAsync();
        Store.Dispose();
        _logs.Dispose();
        _provider.Dispose();
        await _access.DisposeAsync();
        await _log.DisposeAsync();
        _directory.Dispose();
    }
}
