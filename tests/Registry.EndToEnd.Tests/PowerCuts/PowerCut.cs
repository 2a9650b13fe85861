namespace Registry.EndToEnd.PowerCuts;

/// <summary>
/// How the power goes: which changes that nobody had synced are on the disk all the same. A file system may write them in any order, and has done so.
/// </summary>
/// <param name="description">Told when something is wrong after it.</param>
/// <param name="random">Draws lots.</param>
/// <param name="names">The part of the changes of names that survives, from 0 to 1.</param>
/// <param name="bytes">The part of the pages that survives, from 0 to 1.</param>
internal sealed class PowerCut(string description, Random random, double names, double bytes)
{
    private readonly Dictionary<NameChange, bool> _names = new(ReferenceEqualityComparer.Instance);

    /// <summary>Only what was synced survives.</summary>
    public static PowerCut Harshest => new("only what was synced is left", new Random(0), 0, 0);

    /// <summary>A machine that writes names at once and bytes late: files that are empty.</summary>
    public static PowerCut Empty => new("names are left without their bytes", new Random(0), 1, 0);

    /// <summary>Any part of it.</summary>
    public static PowerCut Any(Random random)
    {
        var (names, bytes) = (random.NextDouble(), random.NextDouble());
        return new PowerCut($"{names:P0} of the names and {bytes:P0} of the bytes are left", random, names, bytes);
    }

    /// <summary>Whether the change survives; the same for all the names of it.</summary>
    public bool Keeps(NameChange change)
    {
        if (!_names.TryGetValue(change, out var kept))
        {
            _names.Add(change, kept = random.NextDouble() < names);
        }

        return kept;
    }

    /// <summary>Whether the page, or the length, survives.</summary>
    public bool Keeps(FileChange change) => random.NextDouble() < bytes;

    /// <inheritdoc/>
    public override string ToString() => description;
}
