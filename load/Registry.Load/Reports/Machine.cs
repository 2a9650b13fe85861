using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Registry.Load.Reports;

/// <summary>What the report says of the machine and of the programs that took part.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var processor = Find("/proc/cpuinfo", "model name");
        var memory = long.Parse(Find("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1e9;
        return string.Create(CultureInfo.InvariantCulture,
            $"{processor}, {Environment.ProcessorCount} cores, {memory:0} GB, Linux {Environment.OSVersion.Version}, {RuntimeInformation.ProcessArchitecture}, load average before the start {LoadAverage()}");
    }

    /// <summary>The load average of the last minute.</summary>
    public static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>The type of the file system that a path lies on, and its device.</summary>
    public static string FileSystem(string path)
    {
        var full = Path.GetFullPath(path);
        var mount = File.ReadLines("/proc/mounts")
            .Select(static line => line.Split(' '))
            .Where(fields => full.StartsWith(fields[1], StringComparison.Ordinal))
            .MaxBy(static fields => fields[1].Length)!;
        return $"{mount[2]} on {mount[0]}";
    }

    /// <summary>The version that a program tells on either stream: the first word that is a number, or has one behind a slash.</summary>
    public static async Task<string> VersionAsync(string file, string argument, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(file, [argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation) + await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(static word => word[(word.LastIndexOf('/') + 1)..])
            .FirstOrDefault(static word => word.Length > 0 && char.IsAsciiDigit(word[0])) ?? "?";
    }

    private static string Find(string file, string key) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?";
}
