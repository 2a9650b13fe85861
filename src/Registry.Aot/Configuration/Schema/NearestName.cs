namespace Registry.Aot.Configuration.Schema;

/// <summary>Finds what a mistyped name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>Longest name that is compared: keys are short, and what is longer is no slip of a finger.</summary>
    private const int MaxLength = 64;

    /// <summary>The candidate that takes fewest edits, at most a third of the name and one; null: none is that near.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        if (name.Length > MaxLength)
        {
            return null;
        }

        var (nearest, distance) = candidates
            .Select(candidate => (candidate, Distance(name, candidate)))
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(pair => pair.Item2);
        return distance <= 1 + (name.Length / 3) ? nearest : null;
    }

    /// <summary>Levenshtein's distance, without regard to case.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
