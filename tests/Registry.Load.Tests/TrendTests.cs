using Registry.Load.Measures;

namespace Registry.Load.Tests;

public sealed class TrendTests
{
    [Fact]
    public void Trend_StepWhileWarmingUp_IsFlat()
    {
        var trend = new Trend([.. Enumerable.Range(0, 100).Select(static second => ((double)second, second < 20 ? 10.0 : 30.0))]);

        Assert.Equal(0, trend.Growth);
        Assert.Equal(0, trend.SlopePerHour, 6);
    }

    [Fact]
    public void Trend_Leak_HasItsSlope()
    {
        var trend = new Trend([.. Enumerable.Range(0, 100).Select(static second => ((double)second, 30 + (second / 3600.0)))]);

        Assert.Equal(1, trend.SlopePerHour, 6);
        Assert.True(trend.Growth > 0);
    }
}
