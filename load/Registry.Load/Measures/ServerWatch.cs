using System.Diagnostics;
using Registry.Load.Servers;

namespace Registry.Load.Measures;

/// <summary>Looks at a server's resident memory and handles again and again, until it is ended or disposed of.</summary>
internal sealed class ServerWatch : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly List<(double Seconds, double Megabytes)> _megabytes = [];
    private readonly List<(double Seconds, double Handles)> _handles = [];
    private readonly Task _watching;

    public ServerWatch(Server server, TimeSpan interval) => _watching = WatchAsync(server, interval);

    /// <summary>Seconds since the beginning, and megabytes.</summary>
    public IReadOnlyList<(double Seconds, double Value)> Megabytes => _megabytes;

    /// <summary>Seconds since the beginning, and open files.</summary>
    public IReadOnlyList<(double Seconds, double Value)> Handles => _handles;

    /// <summary>Ends it; what it has seen may be read then.</summary>
    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task WatchAsync(Server server, TimeSpan interval)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(interval);
        do
        {
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            _megabytes.Add((seconds, server.ResidentMegabytes));
            _handles.Add((seconds, server.Handles));
        }
        while (await timer.WaitForNextTickAsync(_ended.Token));
    }
}
