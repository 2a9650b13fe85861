using System.Globalization;
using Registry.Testing.Processes;

namespace Registry.Load.Clients;

/// <summary>What one connection without a mirror does, and the same work: curl writes a file and the bytes are hashed on the way.</summary>
/// <param name="FirstByte">Seconds to the first byte.</param>
/// <param name="CpuSeconds">CPU time of curl, tee and sha256sum together.</param>
/// <param name="Right">Whether the digest is right.</param>
internal readonly record struct Curl(double FirstByte, double CpuSeconds, bool Right)
{
    private const string Script = """curl -sS -w '%{stderr}%{time_starttransfer}' "$1" | tee "$2" | sha256sum; times""";

    public static async Task<Curl> RunAsync(Uri url, string digest, CancellationToken cancellation)
    {
        var file = Path.GetTempFileName();
        try
        {
            var result = await Command.RunAsync("bash", ["-c", Script, "curl", url.ToString(), file], cancellation);
            var lines = result.Succeeded().Split('\n');

            // The last line of bash's `times` is that of its children: user and system, as 0m1.234s.
            var cpu = lines[^1].Split(' ').Sum(Seconds);
            var right = digest.EndsWith(lines[0].Split(' ')[0], StringComparison.Ordinal);
            return new Curl(double.Parse(result.Error, CultureInfo.InvariantCulture), cpu, right);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static double Seconds(string time)
    {
        var parts = time.TrimEnd('s').Split('m');
        return (60 * double.Parse(parts[0], CultureInfo.InvariantCulture)) + double.Parse(parts[1], CultureInfo.InvariantCulture);
    }
}
