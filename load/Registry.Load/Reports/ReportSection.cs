using Registry.Load.Charts;
using Registry.Load.Measures;

namespace Registry.Load.Reports;

/// <summary>A part of a scenario's report, of whatever of these it has.</summary>
/// <param name="heading">Its heading.</param>
/// <param name="text">What was measured, and how.</param>
internal sealed class ReportSection(string heading, string text)
{
    public string Heading { get; } = heading;

    public string Text { get; } = text;

    /// <summary>A row for each measure, a column for each server.</summary>
    public SampleTable Samples { get; } = new();

    /// <summary>Rows as they are; the first names the columns.</summary>
    public List<string[]> Rows { get; } = [];

    public List<Chart> Charts { get; } = [];

    /// <summary>All rows: the samples', or else those given as they are.</summary>
    public IReadOnlyList<string[]> Table() => Samples.Measures.Count == 0
        ? Rows
        : [["", .. Samples.Servers], .. Samples.Measures.Select(measure =>
            (string[])[measure.Measure, .. Samples.Servers.Select(server => Samples.Of(measure.Measure, server).Show(measure.Format))])];

    /// <summary>Draws medians of measures as bars.</summary>
    public void Bars(string title, string unit, params string[] measures)
    {
        var chart = new BarChart(title, unit);
        foreach (var measure in measures)
        {
            chart.Add(measure, [.. Samples.Servers.Select(server => (server, Samples.Of(measure, server).Median))]);
        }

        Charts.Add(chart);
    }

    /// <summary>Adds percentiles of latencies to the samples.</summary>
    public void Percentiles(string of, string server, Latencies latencies)
    {
        foreach (var percentile in (double[])[50, 90, 99, 99.9])
        {
            Samples.Add($"{of}: p{percentile:0.#}, ms", server, latencies.Percentile(percentile), "0.00");
        }
    }
}
