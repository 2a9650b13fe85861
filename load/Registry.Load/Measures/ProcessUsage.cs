using System.Globalization;

namespace Registry.Load.Measures;

/// <summary>CPU time, memory and handles of processes, from /proc.</summary>
internal static class ProcessUsage
{
    /// <summary>Linux's clock tick, in which /proc counts CPU time, is a hundredth of a second wherever this runs.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>CPU-seconds of this process and of the children that have ended, wrk among them.</summary>
    public static double OfThisProcess => Ticks("self", 11, 4) / TicksPerSecond;

    /// <summary>CPU-seconds of a process, user and system; exact to 10 ms.</summary>
    public static double CpuSeconds(int process) => Ticks(process.ToString(CultureInfo.InvariantCulture), 11, 2) / TicksPerSecond;

    /// <summary>Resident memory now, in megabytes.</summary>
    public static double ResidentMegabytes(int process) => Status(process, "VmRSS:");

    /// <summary>Most resident memory since <see cref="ResetPeak"/>, in megabytes.</summary>
    public static double PeakMegabytes(int process) => Status(process, "VmHWM:");

    /// <summary>Forgets the peak of the resident memory (proc_pid_clear_refs(5)).</summary>
    public static void ResetPeak(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5");

    /// <summary>Open files, sockets among them.</summary>
    public static int Handles(int process) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();

    /// <summary>The processes that a process has started and that still run.</summary>
    public static int[] Children(int process) =>
    [
        .. from directory in Directory.EnumerateDirectories("/proc")
           let name = Path.GetFileName(directory)
           where char.IsAsciiDigit(name[0]) && Parent(name) == process
           select int.Parse(name, CultureInfo.InvariantCulture),
    ];

    private static long Parent(string process)
    {
        try
        {
            return Ticks(process, 1, 1);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }

    private static long Ticks(string process, int first, int count)
    {
        // proc_pid_stat(5): the fields after the name, which may hold anything and ends with the last parenthesis.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Skip(first).Take(count).Sum(static field => long.Parse(field, CultureInfo.InvariantCulture));
    }

    private static double Status(int process, string field)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
