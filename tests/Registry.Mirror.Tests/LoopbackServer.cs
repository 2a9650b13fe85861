using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Registry.Mirror.Tests;

/// <summary>A real HTTP server on 127.0.0.1 that answers by one function and remembers what it was asked.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app, string scheme)
    {
        _app = app;
        Port = new Uri(app.Urls.Single()).Port;
        Url = new Uri($"{scheme}://127.0.0.1:{Port}");
    }

    public Uri Url { get; }

    public int Port { get; }

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

    public static async Task<LoopbackServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        LoopbackServer? server = null;
        app.Run(context =>
        {
            server!.Requests.Enqueue(ReceivedRequest.Of(context.Request));
            return answer(context);
        });
        var started = app.StartAsync(TestContext.Current.CancellationToken);
        await started;
        return server = new LoopbackServer(app, certificate is null ? "http" : "https");
    }

    public int Count(string path) => Requests.Count(request => request.Path == path);

    public async ValueTask DisposeAsync()
    {
        // Handlers that never answer must not hold up the end of a test.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}
