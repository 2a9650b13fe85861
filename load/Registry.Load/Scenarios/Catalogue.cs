namespace Registry.Load.Scenarios;

/// <summary>All scenarios, in the order in which they run.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<IScenario> Of(ScenarioContext context) =>
    [
        new Start(context),
        new Pull(context, tls: false),
        new Pull(context, tls: true),
        new RangeRequests(context),
        new Manifests(context),
        new Auth(context),
        new BadLoginFlood(context),
        new TlsHandshakes(context),
        new TagsPage(context),
        new SlowReaders(context),
        new Push(context),
        new ColdPull(context),
        new SlowUpstream(context),
        new MixedDay(context),
        new Soak(context),
    ];
}
