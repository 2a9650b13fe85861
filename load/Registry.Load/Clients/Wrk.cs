using System.Diagnostics;
using System.Globalization;
using Registry.Load.Content;
using Registry.Load.Measures;
using Registry.Load.Servers;

namespace Registry.Load.Clients;

/// <summary>Drives load with wrk: one thread, so that on a small machine the server has a core.</summary>
internal static class Wrk
{
    private static readonly string Script = Path.Join(AppContext.BaseDirectory, "Clients", "wrk.lua");

    /// <summary>Asks for one path for a while, and adds rates, CPU times and errors to the samples.</summary>
    /// <returns>Errors.</returns>
    public static async Task<long> MeasureAsync(
        Server server, string path, int connections, TimeSpan duration, SampleTable samples, string prefix, CancellationToken cancellation, params string[] headers)
    {
        var cpu = server.CpuSeconds;
        var generator = ProcessUsage.OfThisProcess;
        var result = await RunAsync(new Uri(server.Url, path).ToString(), connections, duration, headers, cancellation);
        samples.Add($"{prefix}answers a second", server.Name, result.Answers / result.Seconds, "0");
        samples.Add($"{prefix}CPU per answer, µs", server.Name, (server.CpuSeconds - cpu) * 1e6 / result.Answers, "0");
        samples.Add($"{prefix}generator's CPU per answer, µs", server.Name, (ProcessUsage.OfThisProcess - generator) * 1e6 / result.Answers, "0");
        return result.Errors;
    }

    private static async Task<WrkResult> RunAsync(string url, int connections, TimeSpan duration, string[] headers, CancellationToken cancellation)
    {
        // wrk counts in whole seconds.
        var seconds = Math.Max(1, (int)duration.TotalSeconds);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("wrk",
                ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "60s", "-H", $"Accept: {Image.ManifestType}", .. headers.SelectMany(static header => (string[])["-H", header]), "-s", Script, url])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            },
        };
        process.Start();
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        var line = output.Split('\n').FirstOrDefault(static line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk gave no result: {output}");
        var numbers = line.Split(' ').Skip(1).Select(static number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new WrkResult(numbers[0] / 1e6, numbers[1], numbers[2]);
    }
}
