using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging;

namespace Registry.Mirror.Upstreams;

/// <summary>The connections of one endpoint: sends, follows redirects, turns exceptions into failures. Thread-safe.</summary>
internal sealed class UpstreamTransport : IDisposable
{
    /// <summary>Longest way to a connection, name resolution and TLS included.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for the headers of one hop, connecting included: what the clients wait for ours (dockerd and containerd: 30 s).</summary>
    public static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(30);

    private readonly Uri _endpoint;
    private readonly AddressGuard _guard;
    private readonly Failures _failures;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _invoker;

    /// <summary>Never touches the network.</summary>
    public UpstreamTransport(Uri endpoint, Uri? proxy, CertificateTrust? trust, Network network, Failures failures, TimeProvider time, ILogger logger)
    {
        _endpoint = endpoint;
        _failures = failures;
        _time = time;
        _logger = logger;
        _guard = new AddressGuard(endpoint, proxied: proxy is not null, network, time);
        _handler = CreateHandler(_guard, proxy, trust);
        _invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    /// <summary>The class of the endpoint's own address; null until it has been connected to.</summary>
    public AddressClass? EndpointClass => _guard.Endpoint;

    /// <summary>Asks, and follows redirects by <see cref="RedirectPolicy"/>.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired.</exception>
    public async Task<Answer> SendAsync(Question question, CancellationToken cancellation)
    {
        var hop = question.Url;
        var authorized = true;
        for (var followed = 0; ; followed++)
        {
            var answer = await SendHopAsync(question, hop, authorized, cancellation);
            if (answer.Response is not { } response || !RedirectPolicy.IsRedirect(response.StatusCode))
            {
                return answer;
            }

            var decision = RedirectPolicy.Decide(hop, response.Headers.Location, followed, _endpoint, _guard.Endpoint);
            response.Dispose();
            if (decision.Target is null)
            {
                MirrorLog.RedirectRefused(_logger, _failures.Upstream, hop.Authority, decision.Refusal!);
                return new Answer(hop, null, _failures.Invalid($"redirect of {hop.Authority} refused: {decision.Refusal}"));
            }

            // Once dropped, dropped for good: a stranger must not choose what we ask the registry with our credentials.
            authorized &= decision.KeepsAuthorization;
            hop = decision.Target;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _invoker.Dispose();
        _handler.Dispose();
    }

    private static SocketsHttpHandler CreateHandler(AddressGuard guard, Uri? proxy, CertificateTrust? trust)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a change in DNS is followed
            MaxResponseHeadersLength = 64, // KiB; signed redirects are long, but not that long
            ActivityHeadersPropagator = null, // our traces are nobody's business upstream
            UseProxy = proxy is not null,
            ConnectCallback = (context, cancellation) => guard.ConnectAsync(context.DnsEndPoint, cancellation),
        };
        if (proxy is not null)
        {
            handler.Proxy = CreateProxy(proxy);
        }

        if (trust is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.IsTrusted(certificate, chain, errors),
            };
        }

        return handler;
    }

    private static WebProxy CreateProxy(Uri proxy)
    {
        var address = new UriBuilder(proxy) { UserName = "", Password = "" }.Uri;
        var user = proxy.UserInfo.Split(':', 2);
        return new WebProxy(address)
        {
            Credentials = user is [var name, var password] ? new NetworkCredential(Uri.UnescapeDataString(name), Uri.UnescapeDataString(password)) : null,
        };
    }

    private async Task<Answer> SendHopAsync(Question question, Uri hop, bool authorized, CancellationToken cancellation)
    {
        using var message = question.ToMessage(hop, authorized);
        using var patience = new CancellationTokenSource(HeaderTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            return new Answer(hop, await _invoker.SendAsync(message, either.Token), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var what = patience.IsCancellationRequested
                ? $"{hop.Authority} sent no headers within {HeaderTimeout.TotalSeconds} s"
                : $"no connection to {hop.IdnHost}:{hop.Port} within {ConnectTimeout.TotalSeconds} s";
            return new Answer(hop, null, _failures.Of(UpstreamFailureKind.Timeout, what));
        }
        catch (HttpRequestException failure) when (failure.InnerException is ForbiddenAddressException forbidden)
        {
            MirrorLog.RedirectRefused(_logger, _failures.Upstream, _endpoint.Authority, forbidden.Message);
            return new Answer(hop, null, _failures.Invalid(forbidden.Message));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new Answer(hop, null, _failures.Broken(hop, failure));
        }
    }
}
