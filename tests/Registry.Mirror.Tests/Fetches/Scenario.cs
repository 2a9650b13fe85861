using Registry.Mirror.Fetches;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>All that happens around a fetch, as far as it is decided beforehand.</summary>
internal sealed record Scenario
{
    public required int Seed { get; init; }

    public required int Length { get; init; }

    public required FetchOptions Options { get; init; }

    public required SourcePlan[] Sources { get; init; }

    public required ReaderPlan[] Readers { get; init; }

    /// <summary>Other fetches that take a place in the connection budget: when, and for how long.</summary>
    public (TimeSpan At, TimeSpan For)[] Rivals { get; init; } = [];

    /// <summary>When the process is killed; null: never.</summary>
    public TimeSpan? KilledAt { get; init; }

    /// <summary>Whether the kill is a power cut, which takes what was not synced.</summary>
    public bool IsPowerCut { get; init; }

    /// <summary>When the process is asked to stop; null: never.</summary>
    public TimeSpan? StoppedAt { get; init; }

    /// <summary>Whether what is ready at once runs in an order of chance.</summary>
    public bool Shuffles { get; init; }

    /// <summary>From when on every honest source behaves.</summary>
    public TimeSpan HealedAt => Sources.Where(source => source.IsHonest).Select(source => source.HealsAt > source.Outage.Until ? source.HealsAt : source.Outage.Until).DefaultIfEmpty().Max();

    public bool HasHonestSource => Sources.Any(source => source.IsHonest);

    /// <summary>Whether all that can happen to a source is that its bodies break off: that must not end a fetch that has begun.</summary>
    public bool OnlyBodiesBreak => HasHonestSource && Sources.All(source =>
        source is { IsHonest: true, HonoursRanges: 1 } && source.Outage == default && source.Faults.All(Scenarios.InBody.Contains));
}
