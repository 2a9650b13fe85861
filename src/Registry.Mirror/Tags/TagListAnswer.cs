using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tags;

/// <summary>One page of a repository's tags. Immutable.</summary>
public sealed record TagListAnswer
{
    /// <summary>The tags, in the order of who listed them; null when there is no such repository, or with a failure.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whether there is a further page after the last of these.</summary>
    public bool HasMore { get; init; }

    /// <summary>How the answer came about.</summary>
    public CacheStatus Status { get; init; }

    /// <summary>For how long the list has not been confirmed.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Why the upstream gave none.</summary>
    public UpstreamFailure? Failure { get; init; }
}
