namespace Registry.Mirror.Upstreams;

/// <summary>One registry that content is mirrored from (<c>mirror.upstreams</c>, or <c>proxy</c>). Immutable.</summary>
public sealed record UpstreamOptions
{
    /// <summary>The host that images are named by, such as <c>docker.io</c> or <c>reg.example.com:5000</c>; lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Where it answers, at least one. The first serves tags and content, further ones content by digest only.</summary>
    public required IReadOnlyList<EndpointOptions> Endpoints { get; init; }

    /// <summary>How long a tag is served without asking again. Zero: it is asked every time.</summary>
    public TimeSpan Freshness { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long tags are served while the upstream answers 401 or 403.</summary>
    public TimeSpan StaleFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Content that is not used for so long is evicted. Zero: kept for ever.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The <c>http</c>, <c>https</c> or <c>socks5</c> proxy on the way there; null: none.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>PEM file of authorities trusted for this upstream beside the machine's; null: none.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Most bytes a second from this upstream over all connections. Zero: no limit.</summary>
    public long Bandwidth { get; init; }

    /// <summary>Hosts of another site that may be its token realm.</summary>
    public IReadOnlyList<string> Realms { get; init; } = [];

    /// <summary>Whether two mean the same upstream in every respect.</summary>
    public bool IsSame(UpstreamOptions other) =>
        Endpoints.SequenceEqual(other.Endpoints)
        && Realms.SequenceEqual(other.Realms)
        && Proxy?.OriginalString == other.Proxy?.OriginalString // a Uri's equality leaves out the password
        && this == other with { Endpoints = Endpoints, Realms = Realms };
}
