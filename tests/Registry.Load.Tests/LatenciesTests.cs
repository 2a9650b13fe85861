using Registry.Load.Measures;

namespace Registry.Load.Tests;

public sealed class LatenciesTests
{
    [Fact]
    public void CorrectForCoordinatedOmission_OneStall_CountsThoseThatWereNotAsked()
    {
        var latencies = new Latencies();
        for (var i = 0; i < 100; i++)
        {
            latencies.Record(TimeSpan.FromMilliseconds(1));
        }

        latencies.Record(TimeSpan.FromMilliseconds(100));
        var before = latencies.Percentile(75);
        latencies.CorrectForCoordinatedOmission();

        Assert.InRange(before, 0.99, 1.01);
        Assert.InRange(latencies.Count, 199, 201);
        Assert.InRange(latencies.Percentile(75), 45, 55);
    }

    [Fact]
    public void Histogram_AnyLatencies_AddsUpToAll()
    {
        var latencies = new Latencies();
        foreach (var milliseconds in (double[])[0.01, 0.5, 0.5, 7, 900])
        {
            latencies.Record(TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.Equal(100, latencies.Histogram().Sum(static bar => bar.Percent), 3);
    }
}
