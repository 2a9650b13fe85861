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

    public bool MayBeWrong => Sources.Any(source => !source.IsHonest || source.Faults.Contains(SourceFault.WrongBytes));
}
