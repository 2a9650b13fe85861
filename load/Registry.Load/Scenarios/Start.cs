using Registry.Load.Reports;
using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>From the start of the process to its first answer, and memory when idle.</summary>
internal sealed class Start(ScenarioContext context) : IScenario
{
    private const int IdleSamples = 3;
    private const string FirstAnswer = "start to first answer, ms";
    private const string Idle = "idle RSS after one answer, MB";

    public string Name => "start";

    public string Title => "start to first answer";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        var starts = context.Pick(1, 20);
        var settle = context.Pick(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(2));
        var section = report.Section(
            "Starts",
            $"From the start of the process to the first answer to `GET /v2/`, {starts} times each, asked every millisecond. `{Names.Hello}` is `load/Hello`: one route, published the same way.");
        ServerProgram[] programs =
        [
            ServerProgram.Registry(Names.Ours, context.Peers.Registry),
            ServerProgram.Hello(context.Peers.Hello),
            ServerProgram.Registry(Names.DockerRegistry, context.Peers.DockerRegistry),
        ];
        for (var start = 0; start < starts; start++)
        {
            foreach (var program in ScenarioContext.InTurn(programs, start))
            {
                await using var server = await Server.StartAsync(program, cancellation);
                section.Samples.Add(FirstAnswer, server.Name, server.FirstAnswer.TotalMilliseconds, "0");
                if (start < IdleSamples)
                {
                    await Task.Delay(settle, cancellation);
                    section.Samples.Add(Idle, server.Name, server.ResidentMegabytes, "0.0");
                }
            }
        }

        section.Bars("Start to first answer, ms", "ms", FirstAnswer);
        report.AtMost($"start to first answer ÷ that of {Names.Hello}", section.Samples.Ratio(FirstAnswer, Names.Ours, Names.Hello), 1.5);
    }
}
