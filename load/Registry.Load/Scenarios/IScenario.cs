using Registry.Load.Reports;

namespace Registry.Load.Scenarios;

/// <summary>Something that is measured for each server.</summary>
internal interface IScenario
{
    /// <summary>As it is called on the command line.</summary>
    string Name { get; }

    /// <summary>What it shows, in a few words.</summary>
    string Title { get; }

    /// <summary>Starts what it needs, measures, and ends what it started.</summary>
    Task RunAsync(ScenarioReport report, CancellationToken cancellation);
}
