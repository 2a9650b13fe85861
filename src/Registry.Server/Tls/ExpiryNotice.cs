using Microsoft.Extensions.Logging;

namespace Registry.Server.Tls;

/// <summary>Says once a day that the certificate is about to expire, or has. For one thread.</summary>
internal sealed class ExpiryNotice(CurrentCertificate current, TimeProvider time, ILogger logger)
{
    /// <summary>From when on it is said.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(14);

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    private DateTimeOffset _expiry;
    private DateTimeOffset _next;

    /// <summary>Says it, if it is time to.</summary>
    public void Look()
    {
        var now = time.GetUtcNow();
        if (current.Expiry is not { } expiry || (expiry == _expiry && now < _next))
        {
            return;
        }

        (_expiry, _next) = (expiry, now + Every);
        if (expiry <= now)
        {
            TlsLog.Expired(logger, expiry);
        }
        else if (expiry - now < Ahead)
        {
            TlsLog.Expires(logger, expiry, (int)(expiry - now).TotalDays);
        }
    }
}
