using Registry.Storage.Content;
using Registry.Testing.Authentication;
using Registry.Testing.Faults;
using Registry.Testing.Images;
using Registry.Testing.Pacing;
using Registry.Testing.Redirects;
using Registry.Testing.Requests;
using Registry.Testing.Serving;

namespace Registry.Testing;

/// <summary>
/// A registry on loopback that does what a test tells it, over real HTTP: what it holds, whom it answers, how slow it is, what goes wrong; and it
/// remembers what it was asked. Three listeners: the registry, its token host, its CDN. Thread-safe.
/// </summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly ScriptedUpstreamOptions _options;
    private readonly FaultScript _faults = new();
    private readonly TokenIssuer? _tokens;
    private readonly Listener _registry;
    private readonly Listener _tokenHost;
    private readonly Listener _cdn;

    private ScriptedUpstream(ScriptedUpstreamOptions options)
    {
        _options = options;
        Pace = new UpstreamPace(options.Time);
        Links = new SignedLinks(Content);
        _tokens = options.Authentication is UpstreamAuthentication.Bearer bearer ? new TokenIssuer(bearer, options.Time) : null;
        var gatekeeper = new Gatekeeper(options.Authentication, _tokens, () => _tokenHost!.Port, Scheme);
        var routes = new RegistryRoutes(Content, gatekeeper, Links, options.Redirects, () => $"{Scheme}://127.0.0.1:{_cdn!.Port}");
        _registry = Listen(new Exchange(UpstreamPart.Registry, Log, _faults, Pace, routes.Answer));
        _tokenHost = Listen(new Exchange(UpstreamPart.Tokens, Log, _faults, Pace, (context, range) => Tokens.Answer(context, range)));
        _cdn = Listen(new Exchange(UpstreamPart.Cdn, Log, _faults, Pace, Links.Answer));
    }

    /// <summary>What it holds.</summary>
    public UpstreamContent Content { get; } = new();

    /// <summary>What it was asked.</summary>
    public RequestLog Log { get; } = new();

    /// <summary>How slow it is; at first as fast as it can be.</summary>
    public UpstreamPace Pace { get; }

    /// <summary>The links that it redirects to.</summary>
    public SignedLinks Links { get; }

    /// <summary>The tokens that it issues.</summary>
    /// <exception cref="InvalidOperationException">It was not started with Bearer authentication.</exception>
    public TokenIssuer Tokens => _tokens ?? throw new InvalidOperationException("No tokens without Bearer authentication.");

    /// <summary>The registry's port, the same after a stop and a start.</summary>
    public int Port => _registry.Port;

    /// <summary>The registry as image names have it: <c>127.0.0.1:PORT</c>.</summary>
    public string Host => $"127.0.0.1:{Port}";

    /// <summary>The registry's address, without a path.</summary>
    public Uri Url => new($"{Scheme}://{Host}");

    private string Scheme => _options.Certificates is null ? "http" : "https";

    /// <summary>Starts one on free ports.</summary>
    public static async Task<ScriptedUpstream> StartAsync(ScriptedUpstreamOptions options, CancellationToken cancellationToken)
    {
        var upstream = new ScriptedUpstream(options);
        try
        {
            await upstream.StartAsync(cancellationToken);
            return upstream;
        }
        catch
        {
            await upstream.DisposeAsync();
            throw;
        }
    }

    /// <summary>The requests that satisfy the condition, for a fault to strike.</summary>
    public RequestMatch On(Func<UpstreamRequest, bool> condition) => new(_faults, condition);

    /// <summary>The GETs of that blob's bytes: at the CDN if it redirects there, else at the registry.</summary>
    public RequestMatch OnBlob(Digest digest) => On(r => r.Digest == digest && r.Method == "GET" && CarriesBlobs(r));

    /// <summary>The GETs of any blob's bytes.</summary>
    public RequestMatch OnBlobs() => On(r => r.Method == "GET" && CarriesBlobs(r));

    /// <summary>All requests for manifests, GET and HEAD.</summary>
    public RequestMatch OnManifests() => On(r => r.IsManifest);

    /// <summary>Ends all faults.</summary>
    public void Recover() => _faults.Clear();

    /// <summary>Breaks all connections and refuses further ones, on all ports.</summary>
    public async Task StopAsync()
    {
        await _registry.StopAsync();
        await _tokenHost.StopAsync();
        await _cdn.StopAsync();
    }

    /// <summary>Listens again on the same ports, with the same content.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _registry.StartAsync(cancellationToken);
        await _tokenHost.StartAsync(cancellationToken);
        await _cdn.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _tokenHost.DisposeAsync();
        await _cdn.DisposeAsync();
    }

    private bool CarriesBlobs(UpstreamRequest request) => _options.Redirects switch
    {
        RedirectStyle.Cdn => request.Part == UpstreamPart.Cdn,
        RedirectStyle.Relative => request.Path.StartsWith("/signed/", StringComparison.Ordinal),
        _ => request.IsBlob,
    };

    private Listener Listen(Exchange exchange) => new(exchange.HandleAsync, Log.ConnectionOpened, _options.Certificates?.Server);
}
