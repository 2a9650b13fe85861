using CsCheck;
using Registry.Storage.Ingests;

namespace Registry.Storage.Tests.Ingests;

public sealed class SegmentMapTests
{
    private const int Length = 40;

    [Fact]
    public void Add_AnyRanges_AgreesWithOneFlagAByte() =>
        Gen.Select(Gen.Int[0, Length], Gen.Int[0, Length]).Array[0, 12].Sample(ranges =>
        {
            var map = new SegmentMap();
            var flags = new bool[Length + 1];
            foreach (var (one, other) in ranges)
            {
                map.Add(Math.Min(one, other), Math.Max(one, other));
                flags.AsSpan(Math.Min(one, other), Math.Abs(one - other)).Fill(true);
            }

            Assert.Equal(flags.Count(flag => flag), map.Received);
            Assert.Equal(Array.IndexOf(flags, false), map.Watermark);
            for (var position = 0; position < Length; position++)
            {
                Assert.Equal(Array.IndexOf(flags, false, position), map.EndOfRun(position));
                var next = Array.IndexOf(flags, true, position);
                Assert.Equal(next < 0 ? long.MaxValue : next, map.NextReceived(position));
            }

            for (var i = 1; i < map.Segments.Length; i++)
            {
                Assert.True(map.Segments[i - 1].End < map.Segments[i].First);
            }
        });

    [Fact]
    public void Add_RangeThatIsNone_Throws()
    {
        var map = new SegmentMap();
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Add(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Add(2, 1));
    }

    [Fact]
    public void Clear_ForgetsEverything()
    {
        var map = new SegmentMap();
        map.Add(0, 5);
        map.Clear();
        Assert.Equal((0, 0, long.MaxValue), (map.Received, map.Watermark, map.NextReceived(0)));
    }
}
