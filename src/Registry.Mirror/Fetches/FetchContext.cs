using Microsoft.Extensions.Logging;

namespace Registry.Mirror.Fetches;

/// <summary>What all fetches of a table share. Immutable.</summary>
/// <param name="Options">Bounds and times.</param>
/// <param name="Budget">The bound on connections.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Chance, for jitter; used under no lock, so it must be thread-safe.</param>
/// <param name="Logger">The log.</param>
/// <param name="Lifetime">Fires when the process ends.</param>
internal sealed record FetchContext(
    FetchOptions Options, ConnectionBudget Budget, TimeProvider Time, Random Random, ILogger Logger, CancellationToken Lifetime)
{
    /// <summary>Frees so many bytes on a disk that is full; false when that cannot be done.</summary>
    public Func<long, bool> MakeRoom { get; init; } = static _ => false;
}
