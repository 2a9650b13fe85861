using CsCheck;
using Registry.Storage.Ingests;

namespace Registry.Storage.Tests.Ingests;

/// <summary>The map against the plainest thing that could do its work: one flag for each byte.</summary>
public sealed class SegmentMapTests
{
    private const int Size = 48;

    private static readonly Gen<(int First, int End)[]> Ranges =
        Gen.Select(Gen.Int[0, Size], Gen.Int[0, Size], (one, other) => (Math.Min(one, other), Math.Max(one, other))).Array[0, 12];

    [Fact]
    public void Map_AfterAnyAdditions_KnowsTheSameBytesAsFlags() => Ranges.Sample(ranges =>
    {
        var (map, flags) = Make(ranges);
        Assert.Equal(flags.Count(flag => flag), map.Received);
        Assert.Equal(EndOfRun(flags, 0), map.Watermark);
        for (var position = 0; position < Size; position++)
        {
            Assert.Equal(EndOfRun(flags, position), map.EndOfRun(position));
            var next = Array.IndexOf(flags, true, position);
            Assert.Equal(next < 0 ? long.MaxValue : next, map.NextReceived(position));
        }
    });

    [Fact]
    public void Segments_AfterAnyAdditions_AreInOrderAndApart() => Ranges.Sample(ranges =>
    {
        var (map, flags) = Make(ranges);
        var end = -1L;
        var told = new bool[Size];
        foreach (var segment in map.Segments)
        {
            Assert.True(segment.First > end, "segments touch");
            Assert.True(segment.Length > 0, "a segment is empty");
            end = segment.End;
            told.AsSpan((int)segment.First, (int)segment.Length).Fill(true);
        }

        Assert.Equal(flags, told);
    });

    [Fact]
    public void Clear_AfterAnyAdditions_ForgetsAll() => Ranges.Sample(ranges =>
    {
        var (map, _) = Make(ranges);
        map.Clear();
        Assert.Equal(0, map.Received);
        Assert.Equal(0, map.Segments.Length);
        Assert.Equal(long.MaxValue, map.NextReceived(0));
    });

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(3, 2)]
    public void Add_OfNoRange_Throws(long first, long end) => Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentMap().Add(first, end));

    private static (SegmentMap Map, bool[] Flags) Make((int First, int End)[] ranges)
    {
        var map = new SegmentMap();
        var flags = new bool[Size];
        foreach (var (first, end) in ranges)
        {
            map.Add(first, end);
            flags.AsSpan(first, end - first).Fill(true);
        }

        return (map, flags);
    }

    private static long EndOfRun(bool[] flags, int position)
    {
        var end = Array.IndexOf(flags, false, position);
        return end < 0 ? flags.Length : end;
    }
}
