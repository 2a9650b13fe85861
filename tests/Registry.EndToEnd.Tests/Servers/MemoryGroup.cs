using System.Globalization;

namespace Registry.EndToEnd.Servers;

/// <summary>A control group of Linux with a limit of memory, page cache and socket buffers counted: what a process in it cannot give back gets it killed. Needs root.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string Second = "/sys/fs/cgroup";
    private const string First = "/sys/fs/cgroup/memory";

    private readonly string _directory;

    private MemoryGroup(string directory) => _directory = directory;

    /// <summary>How often the kernel has killed a process of the group.</summary>
    public int Kills
    {
        get
        {
            var file = Path.Join(_directory, IsFirst ? "memory.oom_control" : "memory.events");
            var line = File.ReadLines(file).First(line => line.StartsWith("oom_kill ", StringComparison.Ordinal));
            return int.Parse(line.AsSpan("oom_kill ".Length), CultureInfo.InvariantCulture);
        }
    }

    private bool IsFirst => _directory.StartsWith(First, StringComparison.Ordinal);

    /// <summary>Makes a group; null where this system does not let us.</summary>
    public static MemoryGroup? TryCreate(long bytes)
    {
        try
        {
            var isFirst = Directory.Exists(First);
            if (!isFirst)
            {
                File.WriteAllText($"{Second}/cgroup.subtree_control", "+memory");
            }

            var group = new MemoryGroup(Path.Join(isFirst ? First : Second, $"registry-{Environment.ProcessId}-{Guid.NewGuid():N}"));
            Directory.CreateDirectory(group._directory);
            File.WriteAllText(Path.Join(group._directory, isFirst ? "memory.limit_in_bytes" : "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The command line that runs a program in the group.</summary>
    public (string Program, IEnumerable<string> Arguments) Wrap(string program, IEnumerable<string> arguments) =>
        ("/bin/sh", ["-c", $"echo $$ > {_directory}/cgroup.procs && exec \"$@\"", "sh", program, .. arguments]);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_directory);
}
