namespace Registry.Load.Simulations;

/// <summary>When work arrives by simulations of the open model.</summary>
internal static class ArrivalSchedule
{
    /// <summary>The times of all arrivals after the start, ascending.</summary>
    /// <exception cref="ArgumentException">A simulation is of the closed model.</exception>
    public static IEnumerable<TimeSpan> Of(IEnumerable<LoadSimulation> simulations)
    {
        var start = 0.0;
        var rate = 0.0;
        foreach (var simulation in simulations)
        {
            var (from, to) = simulation switch
            {
                InjectPerSec inject => (inject.Rate, inject.Rate),
                RampingInject ramp => (rate, ramp.Rate),
                _ => throw new ArgumentException($"{simulation.GetType().Name} has no arrivals.", nameof(simulations)),
            };
            var length = simulation.During.TotalSeconds;
            for (var arrival = 0; Offset(arrival, from, to, length) is var offset && offset < length; arrival++)
            {
                yield return TimeSpan.FromSeconds(start + offset);
            }

            start += length;
            rate = to;
        }
    }

    /// <summary>When so many have arrived: the integral of the rate, turned around. NaN, which is not below anything, when that never happens.</summary>
    private static double Offset(int arrivals, double from, double to, double length)
    {
        var slope = (to - from) / length;
        return slope == 0 ? arrivals / from : (Math.Sqrt((from * from) + (2 * slope * arrivals)) - from) / slope;
    }
}
