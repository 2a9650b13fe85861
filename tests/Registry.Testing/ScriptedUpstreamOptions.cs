using Registry.Testing.Authentication;
using Registry.Testing.Redirects;
using Registry.Testing.Serving;

namespace Registry.Testing;

/// <summary>What kind of registry a scripted upstream plays.</summary>
public sealed record ScriptedUpstreamOptions
{
    /// <summary>Whom it answers.</summary>
    public UpstreamAuthentication Authentication { get; init; } = new UpstreamAuthentication.None();

    /// <summary>Where it sends those who ask for blobs.</summary>
    public RedirectStyle Redirects { get; init; } = RedirectStyle.None;

    /// <summary>TLS on all its listeners with these certificates; null for plain HTTP. Stays the caller's to dispose of.</summary>
    public TestCertificates? Certificates { get; init; }

    /// <summary>The clock of pace, latency and token lifetimes.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
