using Registry.Bench.Allocations;

namespace Registry.Bench.Tests;

/// <summary>The hot paths allocate what <c>bench/allocations.txt</c> says, to the byte.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void Measure_EveryBenchmark_AllocatesWhatIsExpected()
    {
        var differences = Differences(AllocationTable.Read(), AllocationTable.Measure());

        Assert.True(
            differences.Count == 0,
            $"Allocations differ from bench/allocations.txt (bench/run --allocations writes it anew):\n{string.Join('\n', differences)}");
    }

    private static List<string> Differences(SortedDictionary<string, long> expected, SortedDictionary<string, long> actual) =>
    [
        .. expected.Keys.Union(actual.Keys, StringComparer.Ordinal)
            .Where(name => expected.GetValueOrDefault(name, -1) != actual.GetValueOrDefault(name, -1))
            .Select(name => $"{name}: expected {Text(expected, name)}, allocates {Text(actual, name)}"),
    ];

    private static string Text(SortedDictionary<string, long> table, string name) =>
        table.TryGetValue(name, out var bytes) ? $"{bytes} bytes" : "nothing that is known";
}
