using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Registry.Testing.Serving;

/// <summary>One loopback port with a web server behind it, which can be taken away and brought back on the same port.</summary>
internal sealed class Listener(RequestDelegate handler, Action connectionOpened, X509Certificate2? certificate) : IAsyncDisposable
{
    private WebApplication? _application;

    /// <summary>The port; chosen by the system at the first start and kept from then on.</summary>
    public int Port { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());

        // One byte of buffer: a flush ends only when the system's socket has the bytes, so cuts and counts are exact to that point.
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.MaxWriteBufferSize = 1)
            .UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        var application = builder.Build();
        application.Run(handler);
        await application.StartAsync(cancellationToken);
        var addresses = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        Port = new Uri(addresses.Addresses.First()).Port;
        _application = application;
    }

    /// <summary>Breaks all connections and refuses further ones.</summary>
    public async Task StopAsync()
    {
        if (_application is not null)
        {
            // A token that is cancelled already tells Kestrel not to wait for requests under way.
            await _application.StopAsync(new CancellationToken(canceled: true));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxConcurrentConnections = null;

        options.Listen(IPAddress.Loopback, Port, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => connection =>
            {
                connectionOpened();
                return next(connection);
            });
            if (certificate is not null)
            {
                endpoint.UseHttps(certificate);
            }
        });
    }
}
