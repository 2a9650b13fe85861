namespace Registry.Load.Scenarios;

/// <summary>How often and how long is measured. Immutable.</summary>
/// <param name="Throughput">Rounds of the throughput measures; the servers take turns within each.</param>
/// <param name="Duration">Length of one throughput measure.</param>
/// <param name="Starts">Starts of each server.</param>
/// <param name="Cold">Rounds of the cold fetches, each into an empty directory.</param>
/// <param name="FirstBytes">Cold blobs whose first byte is timed.</param>
internal sealed record Rounds(int Throughput, TimeSpan Duration, int Starts, int Cold, int FirstBytes)
{
    public static Rounds Normal { get; } = new(5, TimeSpan.FromSeconds(4), 10, 3, 30);

    /// <summary>To see that the harness works; the numbers mean little.</summary>
    public static Rounds Quick { get; } = new(1, TimeSpan.FromSeconds(1), 2, 1, 3);
}
