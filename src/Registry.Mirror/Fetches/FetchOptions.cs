namespace Registry.Mirror.Fetches;

/// <summary>How blobs are brought from upstream (<c>mirror.fetch</c>). Immutable.</summary>
public sealed record FetchOptions
{
    /// <summary>Most connections of one fetch.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>Most connections to one upstream.</summary>
    public int PerUpstream { get; init; } = 24;

    /// <summary>Most connections of all fetches together.</summary>
    public int Total { get; init; } = 64;

    /// <summary>Smallest byte range worth a connection of its own, in bytes.</summary>
    public long MinSegment { get; init; } = 4 << 20;

    /// <summary>A connection that brings no byte for so long is given up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a fetch that makes no progress is tried again before its readers are told.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a fetch that nobody waits for any more goes on to its end.</summary>
    public bool Finish { get; init; } = true;

    /// <summary>How long an unfinished fetch that nobody asks for stays on disk.</summary>
    public TimeSpan PartialTtl { get; init; } = TimeSpan.FromHours(24);
}
