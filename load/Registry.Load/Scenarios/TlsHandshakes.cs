using System.Globalization;
using System.Security.Authentication;
using Registry.Load.Clients;
using Registry.Load.Reports;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Scenarios;

/// <summary>Clients that come, ask once over TLS and go: handshakes in full, and resumed.</summary>
internal sealed class TlsHandshakes(ScenarioContext context) : IScenario
{
    private const int Connections = 8;

    private static readonly (string Name, SslProtocols Protocol, bool Resume)[] Kinds =
    [
        ("TLS 1.3", SslProtocols.Tls13, false),
        ("TLS 1.3 resumed", SslProtocols.Tls13, true),
        ("TLS 1.2", SslProtocols.Tls12, false),
        ("TLS 1.2 resumed", SslProtocols.Tls12, true),
    ];

    private int _failed;

    public string Name => "tls-handshakes";

    public string Title => "TLS handshakes, in full and resumed";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var section = report.Section("A connection for each request", string.Create(CultureInfo.InvariantCulture,
            $"Connect, handshake, one `GET /v2/`, close: {Connections} at once (KeepConstant), {context.Options.Rounds} rounds of {context.Options.Duration.TotalSeconds:0.##} s for each kind; a key on P-256. The clients cost more than the servers, so that rates are the clients' as well: CPU is what compares."));
        using var certificate = new Certificate();
        await using var ours = await Server.StartAsync(ServerProgram.Registry(Names.Ours, context.Peers.Registry, certificate: certificate), cancellation);
        await using var nginx = await Server.StartAsync(ServerProgram.Nginx(Names.NginxStatic, context.Peers.Nginx, NginxConfiguration.Static([]), certificate), cancellation);
        for (var round = 0; round < context.Options.Rounds; round++)
        {
            foreach (var kind in Kinds)
            {
                foreach (var server in ScenarioContext.InTurn([ours, nginx], round))
                {
                    await MeasureAsync(section, server, kind, cancellation);
                }
            }
        }

        section.Bars("Server CPU for each, µs", "µs", [.. Kinds.Select(static kind => Cost(kind.Name))]);
        foreach (var (kind, _, resume) in Kinds)
        {
            report.AtLeast($"{kind}: handshakes a second ÷ those of {Names.NginxStatic}", section.Samples.Ratio(Rate(kind), Names.Ours, Names.NginxStatic), 0.5);
            if (resume)
            {
                report.AtLeast($"{kind}: % resumed", section.Samples.Of(Resumed(kind), Names.Ours).Median, 95);
            }
        }

        report.None("failed handshakes", _failed);
    }

    private static string Rate(string kind) => $"{kind}: handshakes a second";

    private static string Cost(string kind) => $"{kind}: CPU for each, µs";

    private static string Resumed(string kind) => $"{kind}: % resumed";

    private async Task MeasureAsync(ReportSection section, Server server, (string Name, SslProtocols Protocol, bool Resume) kind, CancellationToken cancellation)
    {
        var visits = new TlsVisits(server, kind.Protocol, kind.Resume);
        var cpu = server.CpuSeconds;
        var result = await new LoadRunner(server.Connect).RunAsync(
            new Step("visit", (_, end) => visits.OnceAsync(end)), new KeepConstant(Connections, context.Options.Duration), cancellation);
        section.Samples.Add(Rate(kind.Name), server.Name, result.Ok / result.Elapsed.TotalSeconds, "0");
        section.Samples.Add(Cost(kind.Name), server.Name, (server.CpuSeconds - cpu) * 1e6 / result.Ok, "0");
        section.Samples.Add($"{kind.Name}: generator's CPU for each, µs", server.Name, result.GeneratorCpu * 1e6 / result.Ok, "0");
        section.Samples.Add(Resumed(kind.Name), server.Name, 100.0 * visits.Resumed / result.Ok, "0");
        _failed += result.Failed;
    }
}
