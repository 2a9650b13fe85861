using Registry.Load.Simulations;

namespace Registry.Load.Tests;

public sealed class ArrivalScheduleTests
{
    [Fact]
    public void InjectPerSec_AnyRate_SpreadsArrivalsEvenly()
    {
        var arrivals = ArrivalSchedule.Of([new InjectPerSec(4, TimeSpan.FromSeconds(1))]);

        Assert.Equal([0, 250, 500, 750], arrivals.Select(static arrival => arrival.TotalMilliseconds));
    }

    [Fact]
    public void RampingInject_FromNothing_HasHalfTheArrivalsOfItsRateAndMostOfThemLate()
    {
        var arrivals = ArrivalSchedule.Of([new RampingInject(100, TimeSpan.FromSeconds(2))]).ToList();

        Assert.Equal(100, arrivals.Count);
        Assert.Equal(25, arrivals.Count(static arrival => arrival < TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void RampingInject_AfterAnotherSimulation_BeginsAtItsRateAndTime()
    {
        var arrivals = ArrivalSchedule.Of(
            [new InjectPerSec(10, TimeSpan.FromSeconds(1)), new RampingInject(30, TimeSpan.FromSeconds(1)), new InjectPerSec(30, TimeSpan.FromSeconds(1))]).ToList();

        Assert.Equal(10 + 20 + 30, arrivals.Count);
        Assert.Equal(arrivals.Order(), arrivals);
        Assert.Equal(TimeSpan.FromSeconds(2), arrivals[30]);
    }

    [Fact]
    public void RampingInject_AfterARamp_BeginsAtItsEnd()
    {
        var arrivals = ArrivalSchedule.Of([new RampingInject(30, TimeSpan.FromSeconds(1)), new RampingInject(30, TimeSpan.FromSeconds(1))]);

        Assert.Equal(15 + 30, arrivals.Count());
    }

    [Fact]
    public void RampingInject_ToNothing_Ends()
    {
        var arrivals = ArrivalSchedule.Of([new InjectPerSec(10, TimeSpan.FromSeconds(1)), new RampingInject(0, TimeSpan.FromSeconds(2))]);

        Assert.InRange(arrivals.Count(), 20, 21);
    }

    [Fact]
    public void KeepConstant_HasNoArrivals_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ArrivalSchedule.Of([new KeepConstant(1, TimeSpan.FromSeconds(1))]).ToList());
}
