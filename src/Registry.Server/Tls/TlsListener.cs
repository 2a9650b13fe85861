using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Registry.Server.Tls;

/// <summary>Ends TLS for a listener, and keeps its certificate up to date while it runs. Made only where TLS is configured.</summary>
internal sealed class TlsListener
{
    /// <summary>How often the files are looked at.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly TlsOptions _options;
    private readonly CurrentCertificate _current;
    private readonly CertificateFiles? _files;
    private readonly ExpiryNotice _expiry;
    private readonly TimeProvider _time;

    /// <summary>Reads what there is.</summary>
    /// <exception cref="CertificateException">A file cannot be used.</exception>
    public TlsListener(TlsOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _current = new CurrentCertificate(options, ClientAuthorities.Read(options));
        _expiry = new ExpiryNotice(_current, time, logger);
        if (options.CertificateFile is not null)
        {
            _files = new CertificateFiles(options.CertificateFile, options.KeyFile!, _current, logger);
            _files.Load();
        }
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

    /// <summary>Follows the files until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookInterval, _time);
        try
        {
            do
            {
                _files?.Look();
                _expiry.Look();
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
