namespace Registry.Load.Measures;

/// <summary>Whether something grows. The first quarter is left out: that is warming up.</summary>
internal sealed class Trend
{
    /// <summary>Looks at all of them.</summary>
    /// <param name="points">Seconds and values, ascending.</param>
    public Trend(IReadOnlyList<(double Seconds, double Value)> points)
    {
        var quarter = points.Count / 4;
        Growth = Median(points.Skip(3 * quarter)) - Median(points.Skip(quarter).Take(quarter));
        var warm = points.Skip(quarter).ToList();
        var (time, value) = (warm.Average(static point => point.Seconds), warm.Average(static point => point.Value));
        var slope = warm.Sum(point => (point.Seconds - time) * (point.Value - value)) / warm.Sum(point => (point.Seconds - time) * (point.Seconds - time));
        SlopePerHour = slope * TimeSpan.FromHours(1).TotalSeconds;
    }

    /// <summary>The median of the last quarter less that of the second.</summary>
    public double Growth { get; }

    /// <summary>Of a straight line by least squares.</summary>
    public double SlopePerHour { get; }

    private static double Median(IEnumerable<(double Seconds, double Value)> points)
    {
        var samples = new Samples();
        foreach (var (_, value) in points)
        {
            samples.Add(value);
        }

        return samples.Median;
    }
}
