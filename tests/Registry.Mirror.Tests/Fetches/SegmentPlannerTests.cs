using CsCheck;
using Registry.Mirror.Fetches;
using Registry.Storage.Ingests;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>Plans over blobs of a few bytes, each of which is missing, there, or being brought.</summary>
public sealed class SegmentPlannerTests
{
    private const char Missing = '.';
    private const char Received = '#';

    private static readonly Gen<(string Bytes, int[] Wanted, int Size)> Cases = Gen.Select(
        Gen.Char[".#abc"].Array[0, 24].Select(runs => string.Concat(runs.Select((kind, index) => new string(kind, 1 + (index % 3))))),
        Gen.Int[0, 50].Array[0, 4],
        Gen.Int[1, 20]);

    [Fact]
    public void Next_OfAnyState_TakesTheEarliestBytesWantedAndNoOthers() => Cases.Sample((bytes, wanted, size) =>
    {
        var (received, owned) = Parse(bytes);
        var next = SegmentPlanner.Next(received, owned, [.. wanted.Select(position => (long)position)], bytes.Length, size);

        if (First(bytes, received, wanted) is not { } first)
        {
            Assert.Null(next);
            return;
        }

        Assert.NotNull(next);
        Assert.Equal(first, next.Value.First);
        Assert.InRange(next.Value.Length, 1, size);
        Assert.All(bytes[(int)next.Value.First..(int)next.Value.End], kind => Assert.Equal(Missing, kind));
        Assert.True(next.Value.Length == size || next.Value.End == bytes.Length || bytes[(int)next.Value.End] != Missing, "it could be longer");
    });

    private static long? First(string bytes, SegmentMap received, int[] wanted)
    {
        var candidates = wanted.Select(position => (int)received.EndOfRun(position)).Where(position => position < bytes.Length && bytes[position] == Missing).ToArray();
        if (candidates.Length > 0)
        {
            return candidates.Min();
        }

        var first = bytes.IndexOf(Missing, StringComparison.Ordinal);
        return first < 0 ? null : first;
    }

    // A run of one letter is what one transfer brings.
    private static (SegmentMap Received, List<Segment> Owned) Parse(string bytes)
    {
        var received = new SegmentMap();
        var owned = new List<Segment>();
        var first = 0;
        while (first < bytes.Length)
        {
            var end = first + 1;
            while (end < bytes.Length && bytes[end] == bytes[first])
            {
                end++;
            }

            if (bytes[first] == Received)
            {
                received.Add(first, end);
            }
            else if (bytes[first] != Missing)
            {
                owned.Add(new Segment(first, end));
            }

            first = end;
        }

        return (received, owned);
    }
}
