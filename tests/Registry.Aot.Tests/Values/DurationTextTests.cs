using CsCheck;
using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Tests.Values;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("300s", 300_000)]
    [InlineData("168h", 604_800_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("1d12h", 129_600_000)]
    [InlineData("250ms", 250)]
    [InlineData("5000us", 5)]
    [InlineData("5000µs", 5)]
    [InlineData("5000000", 5)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    public void Parse_DurationOfDistributionOrDays_GivesIt(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("-5s")]
    [InlineData("5x")]
    [InlineData("5s3")]
    [InlineData("1..5s")]
    [InlineData("1.5")]
    [InlineData("999999999999h")]
    [InlineData("9999999999999999999999s")]
    public void Parse_AnythingElse_Refuses(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Parse_LessThanAnyClockTells_IsNotZero()
    {
        Assert.True(DurationText.TryParse("5", out var duration));
        Assert.NotEqual(TimeSpan.Zero, duration);
    }

    [Fact]
    public void Format_WholeMilliseconds_ParsesBack() =>
        Gen.Long[0, 10_000_000_000].Sample(milliseconds =>
        {
            var duration = TimeSpan.FromMilliseconds(milliseconds);
            return DurationText.TryParse(DurationText.Format(duration), out var parsed) && parsed == duration;
        });
}
