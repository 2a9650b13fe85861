using System.Globalization;
using Registry.Load.Clients;
using Registry.Load.Reports;
using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>The right password with every request, at several costs of its check.</summary>
internal sealed class Auth(ScenarioContext context) : IScenario
{
    private const int Connections = 16;
    private const int UsualCost = 10;

    public string Name => "auth";

    public string Title => "the right password with every request";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var section = report.Section("Basic", string.Create(CultureInfo.InvariantCulture,
            $"`GET /v2/` with the same right password each time, {Connections} connections, {context.Options.Rounds} rounds of {context.Options.Duration.TotalSeconds:0.##} s, thrice that above cost {UsualCost}: wrk, one thread. bcrypt's cost is that of the users' file, which both read."));
        var errors = 0L;
        int[] costs = [5, UsualCost, 12];
        foreach (var cost in costs)
        {
            errors += await MeasureAsync(section, cost, cancellation);
        }

        section.Bars("Answers a second", "", [.. costs.Select(PerSecond)]);
        report.AtLeast(
            $"cost {UsualCost}: answers a second ÷ those of {Names.DockerRegistry}", section.Samples.Ratio(PerSecond(UsualCost), Names.Ours, Names.DockerRegistry), 1000);
        report.None("failed requests", errors);
    }

    private static string Prefix(int cost) => $"cost {cost}: ";

    private static string PerSecond(int cost) => $"{Prefix(cost)}answers a second";

    // 16 checks at once at cost 12 take the peer seconds, and end together.
    private TimeSpan During(int cost) => context.Options.Duration * (cost > UsualCost ? 3 : 1);

    private async Task<long> MeasureAsync(ReportSection section, int cost, CancellationToken cancellation)
    {
        using var users = await UsersFile.CreateAsync(context.Peers.Registry, cost, cancellation);
        await using var ours = await Server.StartAsync(ServerProgram.Registry(Names.Ours, context.Peers.Registry, users: users), cancellation);
        await using var peer = await Server.StartAsync(ServerProgram.Registry(Names.DockerRegistry, context.Peers.DockerRegistry, users: users), cancellation);
        var errors = 0L;
        for (var round = 0; round < context.Options.Rounds; round++)
        {
            // wrk takes a second at least, in which the peer may have no answer at high costs.
            foreach (var server in ScenarioContext.InTurn(context.Pick<Server[]>([ours], [ours, peer]), round))
            {
                errors += await Wrk.MeasureAsync(
                    server, "/v2/", Connections, During(cost), section.Samples, Prefix(cost), cancellation, $"Authorization: {UsersFile.Right}");
            }
        }

        return errors;
    }
}
