using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Registry.Load.Clients;
using Registry.Load.Measures;

namespace Registry.Load.Servers;

/// <summary>A running server on a loopback port of its own. Disposal ends it.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly byte[] Question = HttpRequest.Get("/v2/");
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly DirectoryInfo _directory;
    private readonly int[] _processes;

    private Server(ServerProgram program, Process process, DirectoryInfo directory, int port, TimeSpan firstAnswer)
    {
        Name = program.Name;
        Certificate = program.Certificate;
        Url = new Uri($"{(Certificate is null ? "http" : "https")}://127.0.0.1:{port}");
        FirstAnswer = firstAnswer;
        _process = process;
        _directory = directory;
        _processes = [process.Id, .. ProcessUsage.Children(process.Id), .. program.Behind?._processes ?? []];
    }

    public string Name { get; }

    public Uri Url { get; }

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan FirstAnswer { get; }

    /// <summary>The certificate to trust; null when it speaks plain HTTP.</summary>
    public Certificate? Certificate { get; }

    /// <summary>CPU-seconds used so far, user and system, of all its processes and of the server behind it; exact to 10 ms for each.</summary>
    public double CpuSeconds => Sum(ProcessUsage.CpuSeconds);

    /// <summary>Resident memory now, in megabytes; what processes share counts for each.</summary>
    public double ResidentMegabytes => Sum(ProcessUsage.ResidentMegabytes);

    /// <summary>Most resident memory since <see cref="ResetPeak"/>, in megabytes.</summary>
    public double PeakMegabytes => Sum(ProcessUsage.PeakMegabytes);

    /// <summary>Open files, sockets among them.</summary>
    public int Handles => (int)Sum(static process => ProcessUsage.Handles(process));

    /// <summary>A new connection to it, not open yet.</summary>
    public HttpConnection Connect() => new(Url, Certificate);

    /// <summary>A new connection to it from an address of this machine, not open yet.</summary>
    public HttpConnection ConnectFrom(IPAddress source) => new(Url, Certificate, source: source);

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
        var said = new StringBuilder();
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (said.Length < 2000)
            {
                said.AppendLine(line.Data);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (Stopwatch.GetElapsedTime(started) < StartTimeout && !process.HasExited)
        {
            if (await TryAskAsync(program.Certificate, port, cancellation))
            {
                return new Server(program, process, directory, port, Stopwatch.GetElapsedTime(started));
            }

            await Task.Delay(1, cancellation);
        }

        process.Kill();
        await process.WaitForExitAsync(cancellation);
        process.Dispose();
        directory.Delete(recursive: true);
        throw new InvalidOperationException($"{program.Name} does not answer. {said}");
    }

    /// <summary>Forgets the peak of the resident memory.</summary>
    public void ResetPeak()
    {
        foreach (var process in _processes)
        {
            ProcessUsage.ResetPeak(process);
        }
    }

    /// <summary>Ends its process and those that it has started. The server behind it is its owner's.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private static async Task<bool> TryAskAsync(Certificate? certificate, int port, CancellationToken cancellation)
    {
        using var connection = new HttpConnection(new Uri($"http://127.0.0.1:{port}"), certificate);
        try
        {
            await connection.SendAsync(Question, cancellation);
            await connection.ReceiveHeadAsync(withoutBody: true, cancellation);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException)
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

    private double Sum(Func<int, double> measure) => _processes.Sum(measure);
}
