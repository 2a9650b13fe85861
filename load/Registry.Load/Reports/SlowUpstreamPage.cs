using System.Diagnostics;
using System.Globalization;
using Registry.Load.Measures;
using Registry.Load.Scenarios;
using Registry.Load.Servers;

namespace Registry.Load.Reports;

/// <summary>The report of <see cref="SlowUpstream"/>, with a picture beside it.</summary>
internal sealed class SlowUpstreamPage
{
    private const int DistinctBlobs = 200;
    private const string Title = "Load: cold pulls from a slow upstream";

    private static readonly string[] Columns =
        ["case", "server", "seconds until the last reader has all", "first byte, s", "asked upstream ÷ size", "connections at once", "peak RSS, MB", "CPU-seconds per GB", "right"];

    private static readonly string[] SpeedupColumns = ["case", "times as fast as curl's one connection", "connections at once"];

    private readonly Report _page = new(Title);
    private readonly BarChart _chart = new("Seconds until the last reader has all", "s");

    public static async Task WriteAsync(string path, Peers peers, HttpClient client, string[] options, CancellationToken cancellation)
    {
        var full = options.Contains("--full", StringComparer.Ordinal);
        var quick = options.Contains("--quick", StringComparer.Ordinal);
        var started = Stopwatch.GetTimestamp();
        await using var upstream = await Upstream.StartAsync(cancellation);
        var scenario = new SlowUpstream(peers, upstream, client);
        var page = new SlowUpstreamPage();
        var ours = await Machine.VersionAsync(peers.Registry, "--version", cancellation);
        var theirs = await Machine.VersionAsync(peers.DockerRegistry, "--version", cancellation);
        var curl = await Machine.VersionAsync("curl", "--version", cancellation);
        page._page.Paragraph(
            $"""
            {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `load/run {string.Join(' ', options)}`. {Machine.Describe()}; everything on loopback of this one machine: the upstream (a process of its own that makes its content on the fly), the servers, and the readers, who hash what they get.
            registry {ours}, docker-registry {theirs}, curl {curl}.
            Medians (least and greatest in brackets) of three rounds, of one where docker-registry or curl would need 8 s or more for each. Every round has an empty data directory; the manifest is pulled first, as clients do, and not counted. MB and GB are powers of ten. A round trip is waited before the headers of every answer of the upstream. CPU is the server's own for each GB of the layer, whatever it fetches and however many read; curl's is that of `curl | tee FILE | sha256sum`, directly from the upstream. Peak RSS is VmHWM.
            """);
        page._page.Picture(Path.ChangeExtension(Path.GetFileName(path), ".svg"), "Seconds until the last reader has all");
        var results = await page.ShowPullsAsync(scenario, full ? SlowPull.Full : quick ? SlowPull.Quick : SlowPull.Normal, cancellation);
        page.ShowSpeedup(results);
        await page.ShowFullLinkAsync(scenario, cancellation);
        await page.ShowDistinctAsync(scenario, full, cancellation);
        var load = (await File.ReadAllTextAsync("/proc/loadavg", cancellation)).Split(' ')[0];
        page._page.Paragraph(string.Create(CultureInfo.InvariantCulture,
            $"The run took {Stopwatch.GetElapsedTime(started).TotalMinutes:0.0} minutes; load average at its end {load}."));
        await page._page.WriteAsync(path, cancellation);
        await page._chart.WriteAsync(Path.ChangeExtension(path, ".svg"), cancellation);
    }

    private async Task<Dictionary<SlowPull, IReadOnlyList<(string Server, PullSamples Samples)>>> ShowPullsAsync(
        SlowUpstream scenario, IEnumerable<SlowPull> pulls, CancellationToken cancellation)
    {
        var results = new Dictionary<SlowPull, IReadOnlyList<(string Server, PullSamples Samples)>>();
        var rows = new List<string[]> { Columns };
        foreach (var pull in pulls)
        {
            await Console.Error.WriteLineAsync(pull.ToString());
            results[pull] = await scenario.MeasureAsync(pull, cancellation);
            rows.AddRange(results[pull].Select(result => result.Samples.Row(pull.ToString(), result.Server)));
            _chart.Add(pull.ToString(), [.. results[pull].Select(static result => (result.Server, result.Samples.Seconds.Median))]);
        }

        _page.Section("One layer");
        _page.Table(rows);
        return results;
    }

    private void ShowSpeedup(Dictionary<SlowPull, IReadOnlyList<(string Server, PullSamples Samples)>> results)
    {
        var rows = new List<string[]> { SpeedupColumns };
        foreach (var (pull, servers) in results)
        {
            var curl = servers.FirstOrDefault(static result => string.Equals(result.Server, SlowUpstream.Directly, StringComparison.Ordinal)).Samples;
            if (curl is not null)
            {
                var ours = servers[0].Samples;
                rows.Add([pull.ToString(), (curl.Seconds.Median / ours.Seconds.Median).ToString("0.0", CultureInfo.InvariantCulture), ours.Connections.ShowMedian("0")]);
            }
        }

        _page.Section("Each connection is the limit");
        _page.Paragraph("The goal with eight connections: at least 6 times one connection's speed. A layer below 32 MiB is not worth eight connections of 4 MiB.");
        _page.Table(rows);
    }

    private async Task ShowFullLinkAsync(SlowUpstream scenario, CancellationToken cancellation)
    {
        var pull = new SlowPull(256_000_000, 1, new Link(0, 40_000_000, TimeSpan.FromMilliseconds(100)));
        await Console.Error.WriteLineAsync(pull.ToString());
        var results = await scenario.MeasureAsync(pull, cancellation);
        var (ours, curl) = (results[0].Samples.Seconds.Median, results[^1].Samples.Seconds.Median);
        _chart.Add(pull.ToString(), [.. results.Select(static result => (result.Server, result.Samples.Seconds.Median))]);
        _page.Section("The link is the limit");
        _page.Paragraph(string.Create(CultureInfo.InvariantCulture,
            $"The goal: within 5 % of curl. registry needs {(ours / curl) - 1:+0.0 %;-0.0 %;0 %} of curl's time more (+) or less (-)."));
        _page.Table([Columns, .. results.Select(result => result.Samples.Row(pull.ToString(), result.Server))]);
    }

    private async Task ShowDistinctAsync(SlowUpstream scenario, bool full, CancellationToken cancellation)
    {
        var (size, link) = full
            ? (100_000_000L, new Link(0, 200_000_000, TimeSpan.FromMilliseconds(100)))
            : (32_000_000L, new Link(0, 130_000_000, TimeSpan.FromMilliseconds(100)));
        var name = string.Create(CultureInfo.InvariantCulture, $"{DistinctBlobs} different layers of {size / 1e6:0} MB at once, {link}");
        await Console.Error.WriteLineAsync(name);
        var samples = await scenario.MeasureDistinctAsync(DistinctBlobs, size, link, cancellation);
        _page.Section("Many cold pulls at once");
        _page.Paragraph("The goal: a peak of 64 MB at most, and all right. One round, a reader for each layer.");
        _page.Table([Columns, samples.Row(name, "registry")]);
    }
}
