using System.Globalization;
using System.Net;
using Registry.Load.Clients;
using Registry.Load.Reports;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Scenarios;

/// <summary>Clients with the right password beside somebody elsewhere who guesses it.</summary>
internal sealed class BadLoginFlood(ScenarioContext context) : IScenario
{
    private const int Cost = 10;
    private const int Connections = 8;
    private const int Rate = 2000;
    private const string Alone = "no flood: ";
    private const string Cheap = "without credentials: ";
    private const string Wrong = "wrong passwords: ";
    private const string PerSecond = "right ones answered a second";

    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");

    private int _failed;
    private int _guess;

    public string Name => "bad-login-flood";

    public string Title => "right passwords beside a flood of wrong ones";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var section = report.Section("A flood from another address", string.Create(CultureInfo.InvariantCulture,
            $"{Connections} connections from 127.0.0.1 ask `GET /v2/` with the right password (KeepConstant), while InjectPerSec {Rate} from {Elsewhere} asks the same with that user's name and a new wrong password each time, or without credentials, or does not ask; {context.Options.Rounds} rounds of {context.Options.Duration.TotalSeconds:0.##} s; cost {Cost}."));
        using var users = await UsersFile.CreateAsync(context.Peers.Registry, Cost, cancellation);
        await using var server = await Server.StartAsync(ServerProgram.Registry(Names.Ours, context.Peers.Registry, users: users), cancellation);
        var unasked = HttpRequest.Get("/v2/");
        (string Prefix, Step? Flood)[] floods =
        [
            (Alone, null),
            (Cheap, new Step("unasked", (flood, end) => SendAsync(flood, unasked, end))),
            (Wrong, new Step("guess", (flood, end) => SendAsync(flood, Guess(), end))),
        ];
        for (var round = 0; round < context.Options.Rounds; round++)
        {
            foreach (var (prefix, flood) in ScenarioContext.InTurn(floods, round))
            {
                await MeasureAsync(section, server, prefix, flood, cancellation);
            }
        }

        section.Bars("Right ones answered a second", "", [.. floods.Select(static flood => flood.Prefix + PerSecond)]);
        report.AtLeast(
            "right ones answered a second: beside wrong passwords ÷ beside requests without credentials",
            section.Samples.Ratio(Wrong + PerSecond, Names.Ours, Cheap + PerSecond, Names.Ours),
            0.9);
        report.None("right passwords refused, and floods answered by anything but 401 or 429", _failed);
    }

    private static async ValueTask<Response> SendAsync(StepContext flood, byte[] request, CancellationToken cancellation)
    {
        var head = await flood.Connection.ExchangeAsync(request, flood.Received, cancellation);
        return head.Status is 401 or 429 ? Response.Ok : Response.Fail($"status {head.Status}");
    }

    private byte[] Guess() => HttpRequest.Get("/v2/", authorization: UsersFile.Credentials($"guess {Interlocked.Increment(ref _guess)}"));

    private async Task MeasureAsync(ReportSection section, Server server, string prefix, Step? flood, CancellationToken cancellation)
    {
        var right = Steps.Get("right", "/v2/", authorization: UsersFile.Right);
        var during = context.Options.Duration;
        var cpu = server.CpuSeconds;
        Task<LoadResult>[] loads =
        [
            new LoadRunner(server.Connect).RunAsync(right, new KeepConstant(Connections, during), cancellation),
            .. flood is null ? [] : (Task<LoadResult>[])[new LoadRunner(() => server.ConnectFrom(Elsewhere)).RunAsync(flood, new InjectPerSec(Rate, during), cancellation)],
        ];
        var results = await Task.WhenAll(loads);
        var result = results[0];
        section.Samples.Add(prefix + PerSecond, server.Name, result.Ok / result.Elapsed.TotalSeconds, "0");
        section.Percentiles($"{prefix}right ones", server.Name, result.Steps[0].Latencies);
        section.Samples.Add($"{prefix}CPU-seconds a second", server.Name, (server.CpuSeconds - cpu) / result.Elapsed.TotalSeconds, "0.00");
        foreach (var flooded in results[1..])
        {
            section.Samples.Add($"{prefix}flood answered a second", server.Name, flooded.Ok / flooded.Elapsed.TotalSeconds, "0");
        }

        _failed += results.Sum(static load => load.Failed);
    }
}
