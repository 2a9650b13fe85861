using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Registry.Load.Clients;
using Registry.Load.Content;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Scenarios;

/// <summary>Pushes of large and of small blobs, by one client and by sixteen, each round into an empty directory.</summary>
internal sealed class Push(ScenarioContext context) : IScenario
{
    private const string Repository = "load/push";
    private const int Clients = 16;
    private const int SmallSize = 4096;

    public string Name => "push";

    public string Title => "pushes beside docker-registry";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var one = context.Pick(1L << 20, 256 << 20);
        var each = context.Pick(200_000L, 100_000_000);
        var small = context.Pick(Clients, 1000);
        var large = new List<GeneratedBlob>();
        try
        {
            large.Add(await GeneratedBlob.CreateAsync(1, one, cancellation));
            for (var client = 0; client < Clients; client++)
            {
                large.Add(await GeneratedBlob.CreateAsync(2 + client, each, cancellation));
            }

            var section = report.Section("Pushes", string.Create(CultureInfo.InvariantCulture,
                $"POST and one PUT for each blob, bodies by sendfile from the page cache; no two blobs are the same. {context.Options.Rounds} rounds, each server's directory empty at the start of each. File system: {Machine.FileSystem(Path.GetTempPath())}. Ours answers 201 when content and names are synced to disk; docker-registry does not sync."));
            Case[] cases =
            [
                new(string.Create(CultureInfo.InvariantCulture, $"one blob of {one / 1e6:0} MB"), one, 1, [large[0]], 0),
                new(string.Create(CultureInfo.InvariantCulture, $"{Clients} clients at once, {each / 1e6:0.#} MB each"), each * Clients, Clients, large[1..], 0),
                new($"{small} blobs of 4 KB, 1 client", (long)small * SmallSize, 1, [], small),
                new($"{small} blobs of 4 KB, {Clients} clients", (long)small * SmallSize, Clients, [], small),
            ];
            var failed = 0;
            for (var round = 0; round < context.Options.Rounds; round++)
            {
                foreach (var @case in cases)
                {
                    failed += await MeasureAsync(@case, round, section.Samples, cancellation);
                }
            }

            section.Bars("Seconds until all is pushed", "s", [.. cases.Select(static @case => @case.Seconds)]);
            Judge(report, section.Samples, cases);
            report.None("failed pushes", failed);
        }
        finally
        {
            large.ForEach(static blob => blob.Dispose());
        }
    }

    private async Task<int> MeasureAsync(Case @case, int round, SampleTable samples, CancellationToken cancellation)
    {
        var failed = 0;
        ServerProgram[] programs =
        [
            ServerProgram.Registry(Names.Ours, context.Peers.Registry),
            ServerProgram.Registry(Names.DockerRegistry, context.Peers.DockerRegistry),
        ];
        foreach (var program in ScenarioContext.InTurn(programs, round))
        {
            await using var server = await Server.StartAsync(program, cancellation);
            server.ResetPeak();
            var cpu = server.CpuSeconds;
            var generator = ProcessUsage.OfThisProcess;
            var started = Stopwatch.GetTimestamp();
            var results = await Task.WhenAll(Enumerable.Range(0, @case.Clients).Select(client => PushAsync(server, @case, client, cancellation)));
            samples.Add(@case.Seconds, server.Name, Stopwatch.GetElapsedTime(started).TotalSeconds, "0.00");
            samples.Add($"{@case.Name}: CPU-seconds per GB", server.Name, (server.CpuSeconds - cpu) / (@case.Bytes / 1e9), "0.00");
            samples.Add(@case.Peak, server.Name, server.PeakMegabytes, "0");
            samples.Add($"{@case.Name}: generator's CPU-seconds per GB", server.Name, (ProcessUsage.OfThisProcess - generator) / (@case.Bytes / 1e9), "0.00");
            failed += results.Sum();
        }

        return failed;
    }

    private static async Task<int> PushAsync(Server server, Case @case, int client, CancellationToken cancellation)
    {
        using var connection = server.Connect();
        var failed = 0;
        foreach (var blob in @case.Large.Where((_, index) => index % @case.Clients == client))
        {
            failed += await CountAsync(BlobPush.RunAsync(connection, Repository, blob, cancellation));
        }

        for (var number = client; number < @case.Small; number += @case.Clients)
        {
            var bytes = new byte[SmallSize];
            new Random(number).NextBytes(bytes);
            failed += await CountAsync(BlobPush.RunAsync(connection, Repository, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", bytes, cancellation));
        }

        return failed;
    }

    private static async Task<int> CountAsync(ValueTask<Response> push) => (await push).Error is null ? 0 : 1;

    private static void Judge(ScenarioReport report, SampleTable samples, Case[] cases)
    {
        report.AtLeast($"{cases[0].Name}: speed ÷ that of {Names.DockerRegistry}", samples.Ratio(cases[0].Seconds, Names.DockerRegistry, Names.Ours), 1.2);
        report.AtMost(cases[1].Peak, samples.Of(cases[1].Peak, Names.Ours).Greatest, 64);
        foreach (var small in cases[2..])
        {
            report.AtMost($"{small.Name}: seconds ÷ those of {Names.DockerRegistry}", samples.Ratio(small.Seconds, Names.Ours, Names.DockerRegistry), 1);
        }
    }

    /// <summary>What is pushed at once. Immutable.</summary>
    private sealed record Case(string Name, long Bytes, int Clients, IReadOnlyList<GeneratedBlob> Large, int Small)
    {
        public string Seconds => $"{Name}: seconds";

        public string Peak => $"{Name}: peak RSS, MB";
    }
}
