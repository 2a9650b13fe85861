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
    private readonly List<Upstream> _upstreams = [];
    private readonly FetchTable _fetches;

    /// <summary>A mirror into a store, which stays the caller's.</summary>
    /// <param name="options">What is mirrored.</param>
    /// <param name="ownHost">Our own public host, which as <c>ns</c> means no upstream; null when it is not known.</param>
    /// <param name="store">Where the content lies.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="IOException">An upstream's authority file cannot be read.</exception>
    public PullThrough(MirrorOptions options, string? ownHost, Store store, TimeProvider time, ILogger logger)
    {
        var patterns = options.Local.Select(text =>
            NamePattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException($"'{text}' is no pattern of names.", nameof(options)));
        foreach (var upstream in options.Upstreams)
        {
            _upstreams.Add(new Upstream(upstream, time, logger));
        }

        var sizes = new BlobSizes();
        var context = new FetchContext(options.Fetch, new ConnectionBudget(options.Fetch), time, Random.Shared, logger, _lifetime.Token);
        _fetches = new FetchTable(store, context);
        Names = new NameRouter(_upstreams, options.Default, patterns, store.Kinds, ownHost);
        Manifests = new ManifestMirror(store, sizes, time, logger, _lifetime.Token);
        Blobs = new BlobMirror(store, _fetches, sizes, time, logger);
        Tags = new TagListMirror(store, time, _lifetime.Token);
        Referrers = new ReferrersMirror(store, time, _lifetime.Token);
        Publicity = new PublicContent(time, _lifetime.Token);
    }

    /// <summary>What clients mean by a name.</summary>
    public NameRouter Names { get; }

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

    /// <summary>Stops what is in flight and waits for it; what was received stays for the next time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        await _fetches.DisposeAsync();
        Manifests.Dispose();
        _upstreams.ForEach(upstream => upstream.Dispose());
        _lifetime.Dispose();
    }
}
