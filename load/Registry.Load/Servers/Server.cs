using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Registry.Load.Servers;

/// <summary>A running server on a loopback port of its own. Disposal ends it.</summary>
internal sealed class Server : IAsyncDisposable
{
    /// <summary>Linux's clock tick, in which /proc counts CPU time, is a hundredth of a second wherever this runs.</summary>
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly DirectoryInfo _directory;

    private Server(string name, Process process, DirectoryInfo directory, int port, TimeSpan firstAnswer)
    {
        Name = name;
        Url = new Uri($"http://127.0.0.1:{port}");
        FirstAnswer = firstAnswer;
        _process = process;
        _directory = directory;
    }

    public string Name { get; }

    public Uri Url { get; }

    /// <summary>From the start of the process to its first byte of an answer.</summary>
    public TimeSpan FirstAnswer { get; }

    /// <summary>CPU time used so far by the process, user and system, in seconds; exact to 10 ms.</summary>
    public double CpuSeconds
    {
        get
        {
            // proc_pid_stat(5): the fields after the name, which may hold anything and ends with the last parenthesis.
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Resident memory now, in megabytes.</summary>
    public double ResidentMegabytes => ReadStatus("VmRSS:");

    /// <summary>Most resident memory since <see cref="ResetPeak"/>, in megabytes.</summary>
    public double PeakMegabytes => ReadStatus("VmHWM:");

    /// <summary>Starts a program and waits for its first answer.</summary>
    /// <exception cref="InvalidOperationException">It does not answer.</exception>
    public static async Task<Server> StartAsync(ServerProgram program, CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("registry-load-");
        var port = FreePort();
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(program.File, program.Arguments(port, directory.FullName))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = directory.FullName,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (Stopwatch.GetElapsedTime(started) < StartTimeout && !process.HasExited)
        {
            if (await TryAskAsync(port, cancellation))
            {
                return new Server(program.Name, process, directory, port, Stopwatch.GetElapsedTime(started));
            }

            await Task.Delay(1, cancellation);
        }

        process.Kill();
        process.Dispose();
        throw new InvalidOperationException($"{program.Name} does not answer.");
    }

    /// <summary>Forgets the peak of the resident memory (proc_pid_clear_refs(5)).</summary>
    public void ResetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private static async Task<bool> TryAskAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            await socket.SendAsync("GET /v2/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
            return await socket.ReceiveAsync(new byte[1], cancellation) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private double ReadStatus(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
