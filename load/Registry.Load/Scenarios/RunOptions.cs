namespace Registry.Load.Scenarios;

/// <summary>How often and how long is measured. Immutable.</summary>
/// <param name="Smoke">Tiny sizes, to see that everything works; the numbers mean nothing.</param>
/// <param name="Full">Every case, also those that take hours.</param>
/// <param name="Soak">How long the soak lasts.</param>
internal sealed record RunOptions(bool Smoke, bool Full, TimeSpan Soak)
{
    /// <summary>Rounds; the servers take turns within each.</summary>
    public int Rounds => Smoke ? 1 : 5;

    /// <summary>Length of one measure.</summary>
    public TimeSpan Duration => Smoke ? TimeSpan.FromSeconds(0.25) : TimeSpan.FromSeconds(4);
}
