namespace Registry.Load.Measures;

/// <summary>Samples by measure and server, in the order in which they first came.</summary>
internal sealed class SampleTable
{
    private readonly List<string> _servers = [];
    private readonly List<(string Measure, string Format)> _measures = [];
    private readonly Dictionary<(string Measure, string Server), Samples> _samples = [];

    public IReadOnlyList<string> Servers => _servers;

    public IReadOnlyList<(string Measure, string Format)> Measures => _measures;

    /// <summary>Adds a value.</summary>
    /// <param name="measure">What was measured, with its unit.</param>
    /// <param name="server">Of which server.</param>
    /// <param name="value">The value.</param>
    /// <param name="format">How values of the measure are shown.</param>
    public void Add(string measure, string server, double value, string format)
    {
        if (!_servers.Contains(server))
        {
            _servers.Add(server);
        }

        if (!_measures.Contains((measure, format)))
        {
            _measures.Add((measure, format));
        }

        if (!_samples.TryGetValue((measure, server), out var samples))
        {
            _samples[(measure, server)] = samples = new Samples();
        }

        samples.Add(value);
    }

    /// <summary>The samples of a measure of a server; none when it was not measured.</summary>
    public Samples Of(string measure, string server) => _samples.GetValueOrDefault((measure, server)) ?? new Samples();

    /// <summary>The median of one server's values divided by another's of the same round; NaN when one has none.</summary>
    public double Ratio(string measure, string server, string other) => Ratio(measure, server, measure, other);

    /// <summary>The median of one measure of one server divided by another measure of another, round by round.</summary>
    public double Ratio(string measure, string server, string otherMeasure, string other)
    {
        var ratios = new Samples();
        foreach (var (value, otherValue) in Of(measure, server).Values.Zip(Of(otherMeasure, other).Values))
        {
            ratios.Add(value / otherValue);
        }

        return ratios.Median;
    }
}
