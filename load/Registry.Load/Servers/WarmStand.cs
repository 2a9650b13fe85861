using Registry.Load.Content;

namespace Registry.Load.Servers;

/// <summary>
/// Four servers of the same bytes: ours, nginx with the files alone, docker-registry, and nginx in front of another docker-registry. The data directory, which all share, was filled through docker-registry. Disposal ends them and removes it.
/// </summary>
internal sealed class WarmStand : IAsyncDisposable
{
    public const string Repository = "load/warm";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("registry-load-data-");
    private readonly List<Server> _running = [];
    private readonly List<Server> _servers = [];

    private WarmStand()
    {
    }

    /// <summary>Ours first; the one behind nginx is not among them.</summary>
    public IReadOnlyList<Server> Servers => _servers;

    public PushedImage Image { get; private set; } = null!;

    public static string ManifestPath => $"/v2/{Repository}/manifests/{Content.Image.Tag}";

    /// <summary>The path of a layer.</summary>
    public string LayerPath(int index = 0) => $"/v2/{Repository}/blobs/{Image.Layers[index]}";

    /// <summary>Fills the directory and starts the servers.</summary>
    /// <param name="peers">The executables.</param>
    /// <param name="client">For the push.</param>
    /// <param name="layers">Sizes of the image's layers.</param>
    /// <param name="certificate">All speak TLS with it; null: plain HTTP.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<WarmStand> StartAsync(
        Peers peers, HttpClient client, IReadOnlyList<long> layers, Certificate? certificate, CancellationToken cancellation)
    {
        var stand = new WarmStand();
        try
        {
            await stand.FillAsync(peers, client, layers, certificate, cancellation);
            return stand;
        }
        catch
        {
            await stand.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _running)
        {
            await server.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    private async Task FillAsync(Peers peers, HttpClient client, IReadOnlyList<long> layers, Certificate? certificate, CancellationToken cancellation)
    {
        var behind = await RunAsync(ServerProgram.Registry(Names.DockerRegistry, peers.DockerRegistry, _data.FullName), cancellation);
        Image = await Content.Image.PushAsync(client, behind.Url, Repository, seed: 1, layers, cancellation);
        (string, string, string)[] files =
        [
            (ManifestPath, FileOf(Image.Manifest), Content.Image.ManifestType),
            .. Image.Layers.Select((digest, index) => (LayerPath(index), FileOf(digest), "application/octet-stream")),
        ];
        _servers.Add(await RunAsync(ServerProgram.Registry(Names.Ours, peers.Registry, _data.FullName, certificate: certificate), cancellation));
        _servers.Add(await RunAsync(ServerProgram.Nginx(Names.NginxStatic, peers.Nginx, NginxConfiguration.Static(files), certificate), cancellation));
        _servers.Add(await RunAsync(ServerProgram.Registry(Names.DockerRegistry, peers.DockerRegistry, _data.FullName, certificate: certificate), cancellation));
        _servers.Add(await RunAsync(ServerProgram.Nginx(Names.Pair, peers.Nginx, NginxConfiguration.Proxy(behind.Url), certificate, behind), cancellation));
    }

    private async Task<Server> RunAsync(ServerProgram program, CancellationToken cancellation)
    {
        var server = await Server.StartAsync(program, cancellation);
        _running.Add(server);
        return server;
    }

    private string FileOf(string digest)
    {
        var hex = digest.Split(':')[1];
        return Path.Join(_data.FullName, "docker/registry/v2/blobs/sha256", hex[..2], hex, "data");
    }
}
