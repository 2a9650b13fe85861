using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Registry.Testing.Processes;

/// <summary>
/// A program that runs until it is told to end. Keeps what it says on both streams. Disposing of it kills it and all that it started. Thread-safe.
/// </summary>
public sealed class Daemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _output;
    private readonly Task _error;
    private readonly Lock _lock = new();
    private readonly StringBuilder _said = new();

    private Daemon(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _error = ReadAsync(process.StandardError);
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>All that it has said so far, both streams, line by line as they came.</summary>
    public string Said
    {
        get
        {
            lock (_lock)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    public static Daemon Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = new Process { StartInfo = Command.StartInfo(program, arguments, environment) };
        process.Start();
        return new Daemon(process);
    }

    /// <summary>Polls until the probe succeeds.</summary>
    /// <exception cref="InvalidOperationException">It ended before that; the message carries what it said.</exception>
    public async Task WaitUntilAsync(Func<CancellationToken, Task<bool>> probe, CancellationToken cancellationToken)
    {
        while (!await probe(cancellationToken))
        {
            if (HasExited)
            {
                await Task.WhenAll(_output, _error);
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {Said}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    public async Task TerminateAsync(CancellationToken cancellationToken)
    {
        // The shell's own kill: a bare Debian has no program of that name.
        var id = Id.ToString(CultureInfo.InvariantCulture);
        var result = await Command.RunAsync("sh", ["-c", "kill -TERM $0", id], cancellationToken);
        result.Succeeded();
    }

    /// <summary>Ends it at once (SIGKILL), it alone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await Task.WhenAll(_output, _error).WaitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Its resident memory in bytes, from /proc.</summary>
    public async Task<long> ResidentBytesAsync(CancellationToken cancellationToken)
    {
        var status = await File.ReadAllLinesAsync($"/proc/{Id}/status", cancellationToken);
        var line = status.Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _said.AppendLine(line);
            }
        }
    }
}
