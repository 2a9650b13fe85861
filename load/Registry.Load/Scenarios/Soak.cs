using System.Globalization;
using Registry.Load.Charts;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Scenarios;

/// <summary>The same mix for long, on ours alone: memory and handles must be flat.</summary>
internal sealed class Soak(ScenarioContext context) : IScenario
{
    private const int Layers = 40;
    private const int SlowLayer = 32;
    private const int Rate = 200;

    /// <summary>What the memory may grow by from the second quarter to the last: noise of a garbage collector.</summary>
    private const double MaxGrownMegabytes = 2;

    /// <summary>The same for handles: a few connections more or less at the moment when they are counted.</summary>
    private const double MaxGrownHandles = 8;

    public string Name => "soak";

    public string Title => "memory and handles over a long time";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var during = context.Options.Soak;
        await using var stand = await WarmStand.StartAsync(context.Peers, context.Client, DayMix.Sizes(context.Pick(8, Layers)), certificate: null, cancellation);
        var server = stand.Servers[0];
        var section = report.Section("The mix, for long", string.Create(CultureInfo.InvariantCulture,
            $"{DayMix.Description}. InjectPerSec {Rate} for {during.TotalMinutes:0.##} minutes. Growth is from the median of the second quarter to that of the last; the slope is that of a straight line through all after the first quarter (least squares)."));
        using var watch = new ServerWatch(server, TimeSpan.FromSeconds(Math.Clamp(during.TotalSeconds / 1000, 0.1, 10)));
        var result = await new LoadRunner(server.Connect).RunAsync(DayMix.Steps(stand, seed: 0, context.Pick(0, SlowLayer)), [new InjectPerSec(Rate, during)], cancellation);
        await watch.EndAsync();
        var grownMegabytes = Add(section, "resident MB", watch.Megabytes);
        var grownHandles = Add(section, "handles", watch.Handles);
        section.Samples.Add("done", server.Name, result.Ok, "0");
        section.Samples.Add("failed", server.Name, result.Failed, "0");
        section.Percentiles("manifest", server.Name, result.Steps[0].Latencies);
        report.AtMost("growth of resident MB", grownMegabytes, MaxGrownMegabytes);
        report.AtMost("growth of handles", grownHandles, MaxGrownHandles);
        report.None("failed", result.Failed);
    }

    private static double Add(ReportSection section, string what, IReadOnlyList<(double Seconds, double Value)> points)
    {
        var chart = new LineChart($"{what} over time", "seconds");
        chart.Add(Names.Ours, points);
        section.Charts.Add(chart);
        var trend = new Trend(points);
        section.Samples.Add($"{what}: growth", Names.Ours, trend.Growth, "0.0");
        section.Samples.Add($"{what}: slope an hour", Names.Ours, trend.SlopePerHour, "0.0");
        return trend.Growth;
    }
}
