using System.Net;

namespace Registry.Server.Requests;

/// <summary>Where a request comes from and how it was addressed, trusted proxies looked through. Immutable; the one place for it: logs, limits, rules and redirects read it here.</summary>
/// <param name="Address">The client's address, never an IPv4 one in IPv6's form; null: it came over a Unix socket.</param>
/// <param name="Scheme"><c>http</c> or <c>https</c>, as the client used it.</param>
/// <param name="Host">Host, and port where it was given, as the client wrote it; null: it wrote none, or one that is no host.</param>
internal sealed record ClientOrigin(IPAddress? Address, string Scheme, HostName? Host)
{
    /// <summary>Whether the client is a trusted proxy itself: it speaks for others, whom it did not name.</summary>
    public bool IsTrustedProxy { get; init; }
}
