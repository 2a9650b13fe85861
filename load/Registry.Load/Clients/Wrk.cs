using System.Diagnostics;
using System.Globalization;
using Registry.Load.Content;

namespace Registry.Load.Clients;

/// <summary>Drives load with wrk: one thread, so that on a small machine the server has a core.</summary>
internal static class Wrk
{
    private static readonly string Script = Path.Join(AppContext.BaseDirectory, "Clients", "wrk.lua");

    public static async Task<WrkResult> RunAsync(string url, int connections, TimeSpan duration, CancellationToken cancellation)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("wrk",
                ["-t1", $"-c{connections}", $"-d{duration.TotalSeconds:0}s", "--timeout", "60s", "-H", $"Accept: {Image.ManifestType}", "-s", Script, url])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            },
        };
        process.Start();
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk gave no result: {output}");
        var numbers = line.Split(' ').Skip(1).Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new WrkResult(numbers[0] / 1e6, numbers[1], numbers[2], numbers[3]);
    }
}
