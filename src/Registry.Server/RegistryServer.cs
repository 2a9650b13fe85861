using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Registry.Mirror;
using Registry.Server.Blobs;
using Registry.Server.Catalogs;
using Registry.Server.Control;
using Registry.Server.Logging;
using Registry.Server.Manifests;
using Registry.Server.Referrers;
using Registry.Server.Requests;
using Registry.Server.Tags;
using Registry.Server.Transport;
using Registry.Server.Uploads;
using Registry.Storage;

namespace Registry.Server;

/// <summary>The listening server. Made, started, stopped once.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    /// <summary>sun_path of Linux, its final zero included.</summary>
    private const int MaxSocketPath = 107;

    /// <summary>In bytes, for each connection, or as much as its headers may have; more than the least piece of a body that is written at once.</summary>
    private const int MaxRequestBuffer = 256 << 10;

    private readonly WebApplication _web;

    private readonly string _controlSocket;

    private RegistryServer(WebApplication web, string controlSocket)
    {
        _web = web;
        _controlSocket = controlSocket;
    }

    /// <summary>Where it listens, once it is started: the port is the one that was taken.</summary>
    public string Address =>
        _web.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    /// <summary>Makes a server; it does not listen yet.</summary>
    /// <param name="options">How it listens and answers.</param>
    /// <param name="writes">What may be written.</param>
    /// <param name="store">Where pushes go; stays the caller's.</param>
    /// <param name="pulls">What is pulled; stays the caller's.</param>
    /// <param name="accessLog">Where requests are noted; null: nowhere.</param>
    /// <param name="logs">The application log; stays the caller's.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FormatException">The address is none.</exception>
    public static RegistryServer Create(
        ServerOptions options, WriteOptions writes, Store store, PullThrough pulls, AccessLog? accessLog, ILoggerFactory logs, TimeProvider time)
    {
        var endpoint = options.UnixSocket ? null : ListenAddress.Parse(options.Address);
        var logger = logs.CreateLogger("registry");
        var files = new FileTransport(time, options.WriteTimeout);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddLogging();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = options.MaxRequestHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = options.ReadTimeout;
            kestrel.Limits.KeepAliveTimeout = options.IdleTimeout;

            // Uploads have no bound but the disk, and manifests one of their own.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;

            // What a pushing connection holds in memory at the most. More makes no push faster: the disk takes it as it comes.
            kestrel.Limits.MaxRequestBufferSize = Math.Max(MaxRequestBuffer, options.MaxRequestHeaderBytes);

            // A client may pause for as long as the write timeout allows: that is not a rate.
            kestrel.Limits.MinResponseDataRate = null;
            if (endpoint is null)
            {
                kestrel.ListenUnixSocket(Path.GetFullPath(options.Address), ConfigureAnswers);
            }
            else if (endpoint.Address.Equals(IPAddress.Any))
            {
                kestrel.ListenAnyIP(endpoint.Port, ConfigureAnswers);
            }
            else
            {
                kestrel.Listen(endpoint, ConfigureAnswers);
            }

            ListenForCommands(kestrel, store.Layout.ControlSocket, logger);
        });

        void ConfigureAnswers(ListenOptions listen)
        {
            Configure(listen);
            if (options.Tls is { } tls)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = tls.OnConnection });
            }

            files.Use(listen);
        }

        var web = builder.Build();
        var control = new ControlApplication(store, logger);
        var application = new RegistryApplication(options, CreateRouter(options, writes, store, pulls, time, logger), accessLog, logger);
        web.Run(context => context.Features.Get<ControlConnection>() is null ? application.InvokeAsync(context) : control.InvokeAsync(context));
        return new RegistryServer(web, store.Layout.ControlSocket);
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">The address is taken or not ours.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        // Left by a process that was killed: the store's lock says that it is gone.
        File.Delete(_controlSocket);
        await _web.StartAsync(cancellation);
        if (OperatingSystem.IsLinux() && File.Exists(_controlSocket))
        {
            File.SetUnixFileMode(_controlSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Stops accepting, lets transfers finish for the drain time, then breaks them.</summary>
    public Task StopAsync() => _web.StopAsync(CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static RequestRouter CreateRouter(
        ServerOptions options, WriteOptions writes, Store store, PullThrough pulls, TimeProvider time, ILogger logger)
    {
        var locations = new Locations(options);
        var body = new RequestBody(time, options.ReadTimeout);
        var uploads = new UploadAnswers(locations);
        return new RequestRouter(options, writes, pulls.Names)
        {
            Blobs = new BlobEndpoint(pulls.Blobs, new BlobSender(time, options.WriteTimeout)),
            Manifests = new ManifestEndpoint(pulls.Manifests),
            ManifestPushes = new ManifestPushEndpoint(store, pulls.Names, body, locations, writes, logger),
            Tags = new TagListEndpoint(pulls.Tags, locations),
            Referrers = new ReferrersEndpoint(pulls.Referrers, locations),
            Catalog = new CatalogEndpoint(store.Catalog),
            Uploads = new UploadEndpoint(store, pulls.Names, new UploadReceiver(store, body, uploads), new MountSource(store, pulls.Names), uploads, logger),
            Deletes = new DeleteEndpoint(store, logger),
        };
    }

    private static void ListenForCommands(KestrelServerOptions kestrel, string path, ILogger logger)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > MaxSocketPath)
        {
            ServerLog.NoControlSocket(logger, path);
            return;
        }

        kestrel.ListenUnixSocket(path, listen =>
        {
            Configure(listen);
            listen.Use(next => connection =>
            {
                connection.Features.Set(new ControlConnection());
                return next(connection);
            });
        });
    }

    private static void Configure(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
}
