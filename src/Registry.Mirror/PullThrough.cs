using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Registry.Mirror.Blobs;
using Registry.Mirror.Fetches;
using Registry.Mirror.Manifests;
using Registry.Mirror.Publicity;
using Registry.Mirror.Referrers;
using Registry.Mirror.Routing;
using Registry.Mirror.Tags;
using Registry.Mirror.Upstreams;
using Registry.Storage;

namespace Registry.Mirror;

/// <summary>
/// Everything that is pulled, be it local or from an upstream through the store. Thread-safe; one for a process. Making it asks nobody anything.
/// </summary>
public sealed class PullThrough : IAsyncDisposable
{
    private readonly CancellationTokenSource _lifetime = new();
    private readonly FetchTable _fetches;
    private readonly Store _store;
    private readonly string? _ownHost;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Upstream[] _upstreams;
    private volatile NameRouter _names;

    /// <summary>A mirror into a store, which stays the caller's.</summary>
    /// <param name="options">What is mirrored.</param>
    /// <param name="ownHost">Our own public host, which as <c>ns</c> means no upstream; null when it is not known.</param>
    /// <param name="store">Where the content lies.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="CryptographicException">An upstream's file of authorities is missing or broken.</exception>
    public PullThrough(MirrorOptions options, string? ownHost, Store store, TimeProvider time, ILogger logger)
    {
        _store = store;
        _ownHost = ownHost;
        _time = time;
        _logger = logger;
        _upstreams = [.. options.Upstreams.Select(upstream => new Upstream(upstream, time, logger))];
        _names = Route(options, _upstreams);
        var sizes = new BlobSizes();
        var context = new FetchContext(options.Fetch, new ConnectionBudget(options.Fetch), time, Random.Shared, logger, _lifetime.Token);
        _fetches = new FetchTable(store, context);
        Manifests = new ManifestMirror(store, sizes, time, logger, _lifetime.Token);
        Blobs = new BlobMirror(store, _fetches, sizes, time, logger);
        Tags = new TagListMirror(store, time, _lifetime.Token);
        Referrers = new ReferrersMirror(store, time, _lifetime.Token);
        Publicity = new PublicContent(time, _lifetime.Token);
    }

    /// <summary>What clients mean by a name; another one after <see cref="Reload"/>.</summary>
    public NameRouter Names => _names;

    /// <summary>Manifests by tag and by digest.</summary>
    public ManifestMirror Manifests { get; }

    /// <summary>Blobs by digest.</summary>
    public BlobMirror Blobs { get; }

    /// <summary>Lists of tags.</summary>
    public TagListMirror Tags { get; }

    /// <summary>Lists of what refers to a manifest.</summary>
    public ReferrersMirror Referrers { get; }

    /// <summary>What of upstreams with an account everybody may read.</summary>
    public PublicContent Publicity { get; }

    /// <summary>
    /// Mirrors what other options say from now on. Upstreams that stay the same keep their connections, tokens and what is known of their health; who is served from one
    /// that does not is served to the end. For one caller at a time.
    /// </summary>
    /// <exception cref="CryptographicException">An upstream's file of authorities is missing or broken; nothing has changed.</exception>
    public void Reload(MirrorOptions options)
    {
        var before = _upstreams;
        Upstream[] upstreams = [.. options.Upstreams.Select(upstream => Find(before, upstream) ?? new Upstream(upstream, _time, _logger))];
        var names = Route(options, upstreams);
        _store.Kinds.InheritFrom(options.Default);
        _fetches.Use(options.Fetch);
        (_upstreams, _names) = (upstreams, names);
        if (!upstreams.SequenceEqual(before))
        {
            Publicity.Forget();
        }
    }

    /// <summary>Stops what is in flight and waits for it; what was received stays for the next time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        await _fetches.DisposeAsync();
        Manifests.Dispose();
        Array.ForEach(_upstreams, static upstream => upstream.Dispose());
        _lifetime.Dispose();
    }

    // What stands in a file of authorities may have changed.
    private static Upstream? Find(Upstream[] upstreams, UpstreamOptions options) =>
        options.CertificateAuthority is null ? Array.Find(upstreams, upstream => upstream.Options.IsSame(options)) : null;

    private NameRouter Route(MirrorOptions options, Upstream[] upstreams)
    {
        var patterns = options.Local.Select(text =>
            NamePattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException($"'{text}' is no pattern of names.", nameof(options)));
        return new NameRouter(upstreams, options.Default, patterns, _store.Kinds, _ownHost);
    }
}
