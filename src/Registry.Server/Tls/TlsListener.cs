using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Registry.Server.Acme;

namespace Registry.Server.Tls;

/// <summary>Ends TLS for a listener, and keeps its certificate up to date while it runs. Made only where TLS is configured.</summary>
internal sealed class TlsListener : IDisposable
{
    /// <summary>How often the files, and the expiry, are looked at.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for an authority's answer.</summary>
    private static readonly TimeSpan AuthorityTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of an authority's answer: a chain of certificates has a few thousand.</summary>
    private const int MaxAuthorityAnswer = 1 << 20;

    private readonly TlsOptions _options;
    private readonly CurrentCertificate _current;
    private readonly CertificateFiles? _files;
    private readonly AcmeRenewal? _renewal;
    private readonly HttpClient? _authority;
    private readonly ExpiryNotice _expiry;
    private readonly TimeProvider _time;

    /// <summary>Reads what there is, and puts it in force.</summary>
    /// <exception cref="CertificateException">A file cannot be used.</exception>
    public TlsListener(TlsOptions options, Http01Challenges challenges, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        (_current, _files) = Read(options, logger);
        _expiry = new ExpiryNotice(_current, time, logger);
        if (options.Acme is not null)
        {
            _authority = new HttpClient { Timeout = AuthorityTimeout, MaxResponseContentBufferSize = MaxAuthorityAnswer };
            _renewal = new AcmeRenewal(options.Acme, new AcmeIssuer(options.Acme, _authority, challenges, time), _current, time, Random.Shared, logger);
        }
    }

    /// <summary>Reads the files that are named.</summary>
    /// <exception cref="CertificateException">One cannot be used.</exception>
    public static (CurrentCertificate Current, CertificateFiles? Files) Read(TlsOptions options, ILogger logger)
    {
        var current = new CurrentCertificate(options, ClientAuthorities.Read(options));
        if (options.CertificateFile is null)
        {
            return (current, null);
        }

        var files = new CertificateFiles(options.CertificateFile, options.KeyFile!, current, logger);
        files.Load();
        return (current, files);
    }

    /// <summary>Puts TLS in front of a listener.</summary>
    public void Configure(ListenOptions listen)
    {
        listen.Protocols = _options.OffersHttp2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = _options.HandshakeTimeout,
            OnConnection = _ => new ValueTask<SslServerAuthenticationOptions>(_current.Handshake),
        });
    }

    /// <summary>Follows the files, or renews at the authority, until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(LookAsync(stop), _renewal?.RunAsync(stop) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _authority?.Dispose();

    private async Task LookAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookInterval, _time);
        do
        {
            _files?.Look();
            _expiry.Look();
        }
        while (await timer.WaitForNextTickAsync(stop));
    }
}
