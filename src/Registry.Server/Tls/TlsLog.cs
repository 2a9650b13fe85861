using Microsoft.Extensions.Logging;

namespace Registry.Server.Tls;

/// <summary>What is logged of certificates. Ids: 3100–3119. An id that goes out of use is not given again.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(3100, LogLevel.Information, "a new certificate is in force, from {Source}; it expires {Expiry:u}", EventName = "CertificateTaken")]
    public static partial void Taken(ILogger logger, string source, DateTimeOffset expiry);

    [LoggerMessage(3101, LogLevel.Error, "the changed certificate or key is refused, the old pair stays in force: {Reason}", EventName = "CertificateRefused")]
    public static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(3102, LogLevel.Warning, "the certificate expires {Expiry:u}, in {Days} days; replace it before", EventName = "CertificateExpires")]
    public static partial void Expires(ILogger logger, DateTimeOffset expiry, int days);

    [LoggerMessage(3103, LogLevel.Error, "the certificate has expired {Expiry:u}; clients refuse it", EventName = "CertificateExpired")]
    public static partial void Expired(ILogger logger, DateTimeOffset expiry);
}
