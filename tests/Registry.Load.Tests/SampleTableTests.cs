using Registry.Load.Measures;

namespace Registry.Load.Tests;

public sealed class SampleTableTests
{
    [Fact]
    public void Ratio_NoiseThatMeetsBothInARound_IsThatOfTheRounds()
    {
        var table = new SampleTable();
        foreach (var noise in (double[])[1, 5, 3])
        {
            table.Add("CPU", "ours", 2 * noise, "0");
            table.Add("CPU", "theirs", noise, "0");
        }

        Assert.Equal(2, table.Ratio("CPU", "ours", "theirs"));
    }

    [Fact]
    public void Ratio_NothingMeasured_IsNoNumber() => Assert.True(double.IsNaN(new SampleTable().Ratio("CPU", "ours", "theirs")));
}
