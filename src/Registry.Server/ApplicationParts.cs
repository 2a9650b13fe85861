using Microsoft.Extensions.Logging;
using Registry.Mirror;
using Registry.Server.Access;
using Registry.Server.Authentication;
using Registry.Server.Blobs;
using Registry.Server.Catalogs;
using Registry.Server.Listeners;
using Registry.Server.Logging;
using Registry.Server.Manifests;
using Registry.Server.Referrers;
using Registry.Server.Requests;
using Registry.Server.Tags;
using Registry.Server.Uploads;
using Registry.Storage;

namespace Registry.Server;

/// <summary>What outlives a change of the options, and how an application is put together from it. Not thread-safe; what it makes is.</summary>
internal sealed class ApplicationParts(Store store, PullThrough pulls, AccessLog? accessLog, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Most pages of the catalog that are looked for at once: each may keep a thread and the disk busy for long.</summary>
    private const int MaxCatalogWalks = 4;

    private readonly OpenedAddresses _opened = new(time, logger);
    private readonly SemaphoreSlim _catalogWalks = new(MaxCatalogWalks);

    /// <summary>Who knows users; null: there are none.</summary>
    public required Logins? Logins { get; init; }

    /// <summary>Who clients are.</summary>
    public required TrustedProxies Proxies { get; init; }

    /// <summary>What the plain listener answers; null: there is none.</summary>
    public required PlainListener? Plain { get; init; }

    /// <summary>Makes the application for the options, and for what is mirrored now.</summary>
    public RegistryApplication Assemble(ServerOptions options, WriteOptions writes)
    {
        _opened.Duration = options.Access.LoginOpensMirror;
        var headers = new AnswerHeaders(options);
        var frontDoor = new FrontDoor(headers, Plain, options.RequestsPerSecond > 0 ? new RequestRate(options.RequestsPerSecond, time) : null);
        var security = new Security(options, Logins, _opened, pulls, time);
        return new RegistryApplication(Proxies, headers, frontDoor, security.Keys, CreateRouter(options, writes, security), accessLog, logger);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Logins?.Dispose();
        _catalogWalks.Dispose();
    }

    private RequestRouter CreateRouter(ServerOptions options, WriteOptions writes, Security security)
    {
        var names = pulls.Names;
        var locations = new Locations(options);
        var body = new RequestBody(time, options.ReadTimeout);
        var uploads = new UploadAnswers(locations);
        return new RequestRouter(options, writes, names, security.Keys, security.Control)
        {
            Tokens = security.Tokens,
            Publicity = pulls.Publicity,
            Blobs = new BlobEndpoint(pulls.Blobs, new BlobSender(time, options.WriteTimeout)),
            Manifests = new ManifestEndpoint(pulls.Manifests),
            ManifestPushes = new ManifestPushEndpoint(store, names, body, locations, writes, logger),
            TagLists = new TagListEndpoint(pulls.Tags, locations),
            Referrers = new ReferrersEndpoint(pulls.Referrers, locations),
            Catalog = new CatalogEndpoint(store.Catalog, names, security.Control, _catalogWalks),
            Uploads = new UploadEndpoint(store, names, new UploadReceiver(store, body, uploads), new MountSource(store, names, security.Control), uploads, logger),
            Deletes = new DeleteEndpoint(store, logger),
        };
    }
}
