using System.Globalization;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>The seeds of tests by chance: <c>REGISTRY_SEED</c> replays one, <c>REGISTRY_SEEDS</c> asks for so many.</summary>
internal static class Seeds
{
    /// <summary>The seeds of this run; a failing test's name has its own.</summary>
    public static TheoryData<int> Chosen(int fewest)
    {
        var replayed = Number("REGISTRY_SEED");
        var first = replayed ?? Random.Shared.Next(1_000_000);
        var count = replayed is null ? Number("REGISTRY_SEEDS") ?? fewest : 1;
        return [.. Enumerable.Range(first, count)];
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
