using System.Globalization;
using Registry.Load.Charts;
using Registry.Load.Clients;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Scenarios;

/// <summary>Memory: idle, with hundreds of readers that are slow, and with many that are fast over TLS.</summary>
internal sealed class SlowReaders(ScenarioContext context) : IScenario
{
    private const int BytesPerSecond = 256_000;
    private const string Idle = "idle after one answer: RSS, MB";

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);

    private readonly int _slow = context.Pick(20, 500);
    private readonly int _fast = context.Pick(8, 128);
    private readonly long _size = context.Pick(8L << 20, 256 << 20);
    private readonly TimeSpan _during = context.Pick(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(15));
    private int _failed;

    public string Name => "slow-readers";

    public string Title => "memory with slow readers, and with many";

    private string SlowPeak => $"{_slow} slow readers: peak RSS, MB";

    private string FastPeak => $"{_fast} TLS readers: peak RSS, MB";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var section = report.Section("Resident memory", string.Create(CultureInfo.InvariantCulture,
            $"All readers read one blob of {_size / 1e6:0} MB for {_during.TotalSeconds:0.#} s: {_slow} at {BytesPerSecond / 1000} KB/s each, with the receive buffer of a slow line; then {_fast} over TLS 1.3 as fast as they can. Servers are started anew for each, and each takes one round. What a server behind another uses is counted with it."));
        await MeasureSlowAsync(section, cancellation);
        await MeasureFastAsync(section, cancellation);
        section.Bars("Peak resident MB", "MB", Idle, SlowPeak, FastPeak);
        section.Charts.Reverse();
        report.AtMost(Idle, section.Samples.Of(Idle, Names.Ours).Median, 26);
        report.AtMost(SlowPeak, section.Samples.Of(SlowPeak, Names.Ours).Greatest, 40);
        report.AtMost(FastPeak, section.Samples.Of(FastPeak, Names.Ours).Greatest, 64);
        report.None("readers cut off", _failed);
    }

    private async Task MeasureSlowAsync(ReportSection section, CancellationToken cancellation)
    {
        await using var stand = await WarmStand.StartAsync(context.Peers, context.Client, [_size], certificate: null, cancellation);
        var memory = new LineChart($"{_slow} slow readers: resident MB over time", "seconds");
        foreach (var server in stand.Servers)
        {
            section.Samples.Add(Idle, server.Name, server.ResidentMegabytes, "0.0");
            server.ResetPeak();
            var cpu = server.CpuSeconds;
            using var watch = new ServerWatch(server, WatchInterval);
            using var readers = new PacedReaders(server, HttpRequest.Get(stand.LayerPath()), _slow, BytesPerSecond);
            await readers.ReadAsync(_during, cancellation);
            section.Samples.Add(SlowPeak, server.Name, server.PeakMegabytes, "0");
            section.Samples.Add($"{_slow} slow readers: first byte p50, ms", server.Name, readers.FirstBytes.Percentile(50), "0");
            section.Samples.Add($"{_slow} slow readers: first byte p99, ms", server.Name, readers.FirstBytes.Percentile(99), "0");
            section.Samples.Add($"{_slow} slow readers: % of their pace", server.Name, 100.0 * readers.Received / (BytesPerSecond * _slow * _during.TotalSeconds), "0");
            section.Samples.Add($"{_slow} slow readers: CPU-seconds per GB", server.Name, (server.CpuSeconds - cpu) / (readers.Received / 1e9), "0.00");
            await watch.EndAsync();
            memory.Add(server.Name, watch.Megabytes);
            _failed += server.Name == Names.Ours ? readers.CutOff : 0;
        }

        section.Charts.Add(memory);
    }

    private async Task MeasureFastAsync(ReportSection section, CancellationToken cancellation)
    {
        using var certificate = new Certificate();
        await using var stand = await WarmStand.StartAsync(context.Peers, context.Client, [_size], certificate, cancellation);
        var memory = new LineChart($"{_fast} TLS readers: resident MB over time", "seconds");
        foreach (var server in stand.Servers)
        {
            server.ResetPeak();
            using var watch = new ServerWatch(server, WatchInterval);
            var result = await new LoadRunner(server.Connect).RunAsync(Steps.Get("layer", stand.LayerPath()), new KeepConstant(_fast, _during), cancellation);
            section.Samples.Add(FastPeak, server.Name, server.PeakMegabytes, "0");
            section.Samples.Add($"{_fast} TLS readers: GB/s", server.Name, result.Received.Bytes / 1e9 / result.Elapsed.TotalSeconds, "0.00");
            await watch.EndAsync();
            memory.Add(server.Name, watch.Megabytes);
            _failed += server.Name == Names.Ours ? result.Failed : 0;
        }

        section.Charts.Add(memory);
    }
}
