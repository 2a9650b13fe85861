using Microsoft.Extensions.Logging;

namespace Registry.Server.Acme;

/// <summary>What is logged of ordering certificates. Ids: 3120–3139. An id that goes out of use is not given again.</summary>
internal static partial class AcmeLog
{
    [LoggerMessage(3120, LogLevel.Information, "ordering a certificate for {Hosts} from {Authority}", EventName = "CertificateOrdering")]
    public static partial void Ordering(ILogger logger, string hosts, string authority);

    [LoggerMessage(3121, LogLevel.Information, "a new certificate for {Hosts} is in force; it expires {Expiry:u} and is renewed {Renewal:u}", EventName = "CertificateIssued")]
    public static partial void Issued(ILogger logger, string hosts, DateTimeOffset expiry, DateTimeOffset renewal);

    [LoggerMessage(3122, LogLevel.Error, "no new certificate for {Hosts}, what is in force stays: {Reason}; the next attempt is {Next:u}", EventName = "CertificateNotIssued")]
    public static partial void Failed(ILogger logger, string hosts, string reason, DateTimeOffset next);

    [LoggerMessage(3123, LogLevel.Error, "a new account and certificate are made: {Reason}", EventName = "AcmeStateUnusable")]
    public static partial void StateUnusable(ILogger logger, string reason);
}
