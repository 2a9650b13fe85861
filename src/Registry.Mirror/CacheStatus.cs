namespace Registry.Mirror;

/// <summary>How a mirrored answer came about (the <c>X-Cache</c> header).</summary>
public enum CacheStatus
{
    /// <summary>The content is local; nobody else has a say in it.</summary>
    None,

    /// <summary>From the store, nobody was asked.</summary>
    Hit,

    /// <summary>Brought from upstream now.</summary>
    Fill,

    /// <summary>From the store, after the upstream confirmed it.</summary>
    Revalidated,

    /// <summary>From the store, past its freshness, because the upstream does not answer in time.</summary>
    Stale,
}
