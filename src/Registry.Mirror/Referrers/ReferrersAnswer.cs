using Registry.Mirror.Upstreams;
using Registry.Storage.Referrers;

namespace Registry.Mirror.Referrers;

/// <summary>One page of what refers to a manifest. Immutable.</summary>
public sealed record ReferrersAnswer
{
    /// <summary>The entries, filtered.</summary>
    public IReadOnlyList<Referrer> Referrers { get; init; } = [];

    /// <summary>What to ask for as <c>after</c> to get the next page; null: this is the last.</summary>
    public string? Next { get; init; }

    /// <summary>How the answer came about.</summary>
    public CacheStatus Status { get; init; }

    /// <summary>For how long the list has not been confirmed.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Why the upstream gave none.</summary>
    public UpstreamFailure? Failure { get; init; }
}
