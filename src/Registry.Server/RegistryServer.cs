using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Registry.Mirror;
using Registry.Server.Acme;
using Registry.Server.Authentication;
using Registry.Server.Control;
using Registry.Server.Listeners;
using Registry.Server.Logging;
using Registry.Server.Requests;
using Registry.Server.Tls;
using Registry.Server.Transport;
using Registry.Storage;

namespace Registry.Server;

/// <summary>The listening server. Made, started, stopped once.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    /// <summary>sun_path of Linux, its final zero included.</summary>
    private const int MaxSocketPath = 107;

    private const int HttpsPort = 443;

    /// <summary>From a request's first byte to the end of its headers: they are small, and who drips them holds a connection for nothing.</summary>
    private static readonly TimeSpan LongestHeaders = TimeSpan.FromSeconds(30);

    /// <summary>In bytes, for each connection, or as much as its headers may have; more than the least piece of a body that is written at once.</summary>
    private const int MaxRequestBuffer = 256 << 10;

    private readonly WebApplication _web;

    private readonly string _controlSocket;

    private readonly ApplicationParts _parts;

    private readonly ConnectionLimits _connections;

    private readonly TlsListener? _tls;

    private readonly CancellationTokenSource _stop = new();

    private Task _background = Task.CompletedTask;

    private volatile RegistryApplication _application;

    private RegistryServer(
        WebApplication web, ApplicationParts parts, RegistryApplication application, ConnectionLimits connections, string controlSocket, TlsListener? tls)
    {
        _web = web;
        _parts = parts;
        _application = application;
        _connections = connections;
        _controlSocket = controlSocket;
        _tls = tls;
    }

    /// <summary>Where it listens, once it is started: the port is the one that was taken.</summary>
    public string Address => Addresses.First();

    /// <summary>Where the plain listener beside TLS listens, once it is started and if there is one.</summary>
    public string PlainAddress => Addresses.ElementAt(1);

    private ICollection<string> Addresses => _web.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    /// <summary>Makes a server; it does not listen yet.</summary>
    /// <param name="options">How it listens and answers.</param>
    /// <param name="writes">What may be written.</param>
    /// <param name="store">Where pushes go; stays the caller's.</param>
    /// <param name="pulls">What is pulled; stays the caller's.</param>
    /// <param name="accessLog">Where requests are noted; null: nowhere.</param>
    /// <param name="logs">The application log; stays the caller's.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="CertificateException">The certificate, its key or an authority cannot be used.</exception>
    public static RegistryServer Create(
        ServerOptions options, WriteOptions writes, Store store, PullThrough pulls, AccessLog? accessLog, ILoggerFactory logs, TimeProvider time)
    {
        var endpoint = options.UnixSocket ? null : ListenAddress.Parse(options.Address);
        var logger = logs.CreateLogger("registry");
        var files = new FileTransport(time, options.WriteTimeout);
        var challenges = new Http01Challenges();
        var tls = options.Tls is null ? null : new TlsListener(options.Tls, challenges, time, logger);
        var proxies = new TrustedProxies(options.TrustedProxies);
        var connections = new ConnectionLimits(options.MaxConnections, proxies);

        // A line ends with CR LF: who takes a bare LF reads other requests than a proxy before it may (RFC 9112, 2.2). Kestrel has no other way to say so.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddLogging();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            SetLimits(kestrel.Limits, options);
            kestrel.Limits.RequestHeadersTimeout = options.ReadTimeout < LongestHeaders ? options.ReadTimeout : LongestHeaders;
            kestrel.Limits.KeepAliveTimeout = options.IdleTimeout;

            // Uploads have no bound but the disk, and manifests one of their own.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;

            // A client may pause for as long as the write timeout allows: that is not a rate.
            kestrel.Limits.MinResponseDataRate = null;
            Action<ListenOptions> configure = listen =>
            {
                connections.Configure(listen);
                Configure(listen);
                if (tls is not null)
                {
                    FileTransport.UseRecords(listen);
                    tls.Configure(listen);
                }

                files.Use(listen);
            };
            if (endpoint is null)
            {
                kestrel.ListenUnixSocket(Path.GetFullPath(options.Address), configure);
            }
            else
            {
                Listen(kestrel, endpoint, configure);
            }

            if (options.Plain is not null)
            {
                Listen(kestrel, ListenAddress.Parse(options.Plain.Address), listen =>
                {
                    connections.Configure(listen);
                    Configure(listen);
                    Mark(listen, new PlainConnection());
                    files.Use(listen);
                });
            }

            ListenForCommands(kestrel, store.Layout.ControlSocket, logger);
        });
        var web = builder.Build();
        var control = new ControlApplication(store, logger);
        var parts = new ApplicationParts(store, pulls, accessLog, time, logger)
        {
            Logins = options.Passwords is null ? null : new Logins(options.Passwords, time, logger),
            Proxies = proxies,
            Plain = options.Plain is null ? null : new PlainListener(options.Plain, options.Host, endpoint is { Port: > 0 } ? endpoint.Port : HttpsPort, challenges),
        };
        var server = new RegistryServer(web, parts, parts.Assemble(options, writes), connections, store.Layout.ControlSocket, tls);
        web.Run(context => context.Features.Get<ControlConnection>() is null ? server._application.InvokeAsync(context) : control.InvokeAsync(context));
        return server;
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

        if (_tls is not null)
        {
            _background = _tls.RunAsync(_stop.Token);
        }
    }

    /// <summary>
    /// Serves the requests that come from now on by other access rules and limits, and what the mirror's own reload has made of the upstreams; requests under way end as they
    /// began, and connections that are open keep their bound on headers. Everything else of the options must be as it was at the start. For one caller at a time.
    /// </summary>
    public void Reload(ServerOptions options, WriteOptions writes)
    {
        _application = _parts.Assemble(options, writes);
        _connections.Resize(options.MaxConnections);
        SetLimits(_web.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits, options);
    }

    /// <summary>Stops accepting, lets transfers finish for the drain time, then breaks them.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _background;
        await _web.StopAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _background;
        await _web.DisposeAsync();
        _parts.Dispose();
        _tls?.Dispose();
        _stop.Dispose();
    }

    private static void SetLimits(KestrelServerLimits limits, ServerOptions options)
    {
        limits.MaxRequestHeadersTotalSize = options.MaxRequestHeaderBytes;

        // What a pushing connection holds in memory at the most. More makes no push faster: the disk takes it as it comes.
        limits.MaxRequestBufferSize = Math.Max(MaxRequestBuffer, options.MaxRequestHeaderBytes);
    }

    private static void Listen(KestrelServerOptions kestrel, IPEndPoint endpoint, Action<ListenOptions> configure)
    {
        if (endpoint.Address.Equals(IPAddress.Any))
        {
            kestrel.ListenAnyIP(endpoint.Port, configure);
        }
        else
        {
            kestrel.Listen(endpoint, configure);
        }
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
            Mark(listen, new ControlConnection());
        });
    }

    private static void Configure(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;

    private static void Mark<TFeature>(ListenOptions listen, TFeature mark) => listen.Use(next => connection =>
    {
        connection.Features.Set(mark);
        return next(connection);
    });
}
