using System.Diagnostics;
using System.Globalization;
using Registry.Load.Content;
using Registry.Load.Reports;
using Registry.Load.Scenarios;
using Registry.Testing.Processes;

namespace Registry.Load;

/// <summary>Runs scenarios one after the other and writes the reports.</summary>
internal sealed class LoadRun(LoadOptions options)
{
    private const int Missed = 1;
    private const int WrongCall = 2;

    /// <summary>Runs. Standard output gets nothing but the last line, how many scenarios passed and failed.</summary>
    /// <returns>The exit code: 0 when every threshold is met, 1 when one is missed or a scenario broke, 2 when a scenario is unknown.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Accept.ParseAdd(Image.ManifestType);
        var all = Catalogue.Of(new ScenarioContext(options.Peers, options.Run, client));
        if (options.Scenarios.FirstOrDefault(name => !all.Any(scenario => Named(scenario, name))) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"load/run: no scenario {unknown}; there are {string.Join(", ", all.Select(static scenario => scenario.Name))}");
            return WrongCall;
        }

        var date = TimeProvider.System.GetUtcNow();
        var machine = Machine.Describe();
        var started = Stopwatch.GetTimestamp();
        var reports = new List<ScenarioReport>();
        var failed = 0;
        foreach (var scenario in all.Where(scenario => options.Scenarios.Count == 0 || options.Scenarios.Any(name => Named(scenario, name))))
        {
            var report = new ScenarioReport(scenario.Name, scenario.Title, judges: !options.Run.Smoke);
            var ended = await TryAsync(scenario, report, cancellation);
            failed += ended && report.Thresholds.All(static threshold => threshold.Met) ? 0 : 1;
            reports.Add(report);
        }

        var run = new RunReport(
            options.Command, date, machine, await CommitAsync(cancellation), await VersionsAsync(cancellation), Stopwatch.GetElapsedTime(started).TotalMinutes, Machine.LoadAverage(), reports);
        await WriteAsync(run, cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reports.Count - failed} passed, {failed} failed"));
        return failed > 0 ? Missed : 0;
    }

    private static bool Named(IScenario scenario, string name) => string.Equals(scenario.Name, name, StringComparison.Ordinal);

    /// <summary>Runs one. What breaks it must not cost the figures of the others.</summary>
    private static async Task<bool> TryAsync(IScenario scenario, ScenarioReport report, CancellationToken cancellation)
    {
        await Console.Error.WriteAsync($"{scenario.Name}: {scenario.Title} ...".AsMemory(), cancellation);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await scenario.RunAsync(report, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException)
        {
            report.Section("Broken", exception.Message);
            await Console.Error.WriteLineAsync($" broken: {exception}");
            return false;
        }

        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $" {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        foreach (var threshold in report.Thresholds)
        {
            await Console.Error.WriteLineAsync($"  {(threshold.Met ? "met   " : "MISSED")} {threshold.Text}: {threshold.Measured} ({threshold.Goal})");
        }

        return true;
    }

    private async Task WriteAsync(RunReport run, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Output))!);
        await MarkdownReport.WriteAsync(run, $"{options.Output}.md", cancellation);
        await HtmlReport.WriteAsync(run, $"{options.Output}.html", cancellation);
        await JsonReport.WriteAsync(run, $"{options.Output}.json", cancellation);
        await Console.Error.WriteLineAsync($"reports: {options.Output}.md, .html, .json");
    }

    private async Task<string> VersionsAsync(CancellationToken cancellation)
    {
        var peers = options.Peers;
        (string Name, string File, string Argument)[] programs =
            [("registry", peers.Registry, "--version"), ("docker-registry", peers.DockerRegistry, "--version"), ("nginx", peers.Nginx, "-v"), ("wrk", "wrk", "-v"), ("curl", "curl", "--version")];
        var versions = new List<string>();
        foreach (var (name, file, argument) in programs)
        {
            versions.Add($"{name} {await Machine.VersionAsync(file, argument, cancellation)}");
        }

        return $"{string.Join(", ", versions)}, generator on .NET {Environment.Version}.";
    }

    private static async Task<string> CommitAsync(CancellationToken cancellation)
    {
        var commit = await Command.RunAsync("git", ["describe", "--always", "--dirty", "--exclude=*"], cancellation);
        return commit.ExitCode == 0 ? commit.Output.Trim() : "unknown";
    }
}
