using Registry.Mirror.Fetches;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>Makes scenarios of a kind from seeds.</summary>
internal static class Scenarios
{
    /// <summary>The faults of a body that was begun.</summary>
    public static readonly SourceFault[] InBody = [SourceFault.Reset, SourceFault.Stall, SourceFault.EarlyEnd, SourceFault.ShorterRange];

    private static readonly SourceFault[] Any =
    [
        .. InBody, SourceFault.Unreachable, SourceFault.SilentBeforeHeaders, SourceFault.ServerError, SourceFault.ServerErrorWithRetryAfter, SourceFault.TooManyRequests,
        SourceFault.NotFound, SourceFault.Unauthorized, SourceFault.WrongFirstByte, SourceFault.OtherTotal, SourceFault.OtherETag,
    ];

    /// <summary>Nothing goes wrong.</summary>
    public static Scenario Clean(int seed) => Make(seed, (random, plan) => plan);

    /// <summary>One connection, one source, nothing goes wrong.</summary>
    public static Scenario OneConnection(int seed)
    {
        var scenario = Clean(seed);
        return scenario with { Sources = [scenario.Sources[0]], Options = scenario.Options with { Connections = 1 } };
    }

    /// <summary>Bodies break off, and that only.</summary>
    public static Scenario BrokenBodies(int seed) => Make(seed, (random, plan) => WithFaults(random, plan, InBody));

    /// <summary>Everything goes wrong that can, for a while.</summary>
    public static Scenario Faulty(int seed) => Make(seed, (random, plan) => WithOutage(random, WithFaults(random, plan, Any)));

    /// <summary>Sources that ignore ranges, or do so at times, or tell no length.</summary>
    public static Scenario WithoutRanges(int seed) => Make(seed, (random, plan) => WithFaults(random, plan, random.Next(2) == 0 ? InBody : Any) with
    {
        HonoursRanges = random.Next(3) * 0.5,
        TellsLength = random.Next(2) == 0,
    });

    /// <summary>Sources that send wrong bytes, always or for a while.</summary>
    public static Scenario Corrupt(int seed)
    {
        var scenario = Make(seed, (random, plan) => WithFaults(random, plan, random.Next(2) == 0 ? [SourceFault.WrongBytes] : [SourceFault.WrongBytes, .. InBody]));
        var random = new Random(seed);
        return scenario with
        {
            Sources = [.. scenario.Sources.Select(plan => scenario.Length > 0 && random.Next(2) == 0 ? plan with { WrongAt = random.Next(scenario.Length) } : plan)],
        };
    }

    /// <summary>The process is killed, or the power is cut.</summary>
    public static Scenario Killed(int seed)
    {
        var random = new Random(seed);
        var scenario = random.Next(4) switch
        {
            0 => Clean(seed),
            1 => BrokenBodies(seed),
            2 => WithoutRanges(seed),
            _ => Faulty(seed),
        };
        return scenario with { KilledAt = random.Next(2) == 0 ? Seconds(random, 0.1) : Seconds(random, 10), IsPowerCut = random.Next(2) == 0 };
    }

    /// <summary>The process is asked to stop.</summary>
    public static Scenario Stopped(int seed)
    {
        var scenario = Killed(seed);
        return scenario with { KilledAt = null, StoppedAt = scenario.KilledAt };
    }

    private static Scenario Make(int seed, Func<Random, SourcePlan, SourcePlan> sources)
    {
        var random = new Random(seed);
        var length = Length(random);
        return new Scenario
        {
            Seed = seed,
            Length = length,
            Options = new FetchOptions
            {
                Connections = random.Next(1, 9),
                PerUpstream = random.Next(4) == 0 ? random.Next(1, 6) : 24,
                Total = random.Next(4) == 0 ? random.Next(1, 6) : 64,
                MinSegment = (4 << 10) << random.Next(5),
                StallTimeout = TimeSpan.FromSeconds(5),
                RetryFor = TimeSpan.FromMinutes(2),
                Finish = random.Next(4) != 0,
            },
            Sources = [.. Enumerable.Range(0, random.Next(1, 4)).Select(index => sources(random, Source(random, index)))],
            Readers = [.. Enumerable.Range(0, random.Next(1, 6)).Select(index => Reader(random, length, index))],
            Rivals = random.Next(4) == 0 ? [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => (Seconds(random, 5), Seconds(random, 10)))] : [],
            Shuffles = random.Next(2) == 0,
        };
    }

    private static int Length(Random random) => random.Next(10) switch
    {
        0 => random.Next(0, 3),
        1 => Fetch.HoldBack + random.Next(-1, 2),
        2 => random.Next(0, 64 << 10),
        3 => random.Next(0, 8 << 20),
        4 => random.Next(0, 4 << 20),
        _ => random.Next(0, 1 << 20),
    };

    private static SourcePlan Source(Random random, int index) => new()
    {
        Host = $"source{index}.example",
        Latency = TimeSpan.FromMilliseconds(random.Next(1, 300)),
        Rate = Math.Pow(10, 5 + (2 * random.NextDouble())),
        TotalRate = Math.Pow(10, 6 + random.NextDouble()),
        MaxChunk = 1 << random.Next(11, 17),
    };

    private static ReaderPlan Reader(Random random, int length, int index)
    {
        var (first, end) = random.Next(5) switch
        {
            0 => ((long)random.Next(length + 1), (long?)null),
            1 => (-random.Next(1, length + 2), null),
            2 when length > 0 => Closed(random, length),
            _ => (0, null),
        };
        return new ReaderPlan(
            first,
            end,
            index == 0 ? TimeSpan.Zero : Seconds(random, 3),
            random.Next(3) == 0 ? Seconds(random, 4) : null,
            random.Next(3) == 0 ? Math.Pow(10, 5 + (2 * random.NextDouble())) : double.PositiveInfinity);
    }

    private static (long First, long? End) Closed(Random random, int length)
    {
        var first = random.Next(length);
        return (first, first + 1 + random.Next(length - first));
    }

    private static SourcePlan WithFaults(Random random, SourcePlan plan, SourceFault[] faults) => plan with
    {
        Faults = faults,
        FaultRate = random.NextDouble() * 0.7,
        HealsAt = Seconds(random, random.Next(2) == 0 ? 5 : 60),
    };

    private static SourcePlan WithOutage(Random random, SourcePlan plan)
    {
        var from = Seconds(random, 3);
        return random.Next(3) == 0 ? plan with { Outage = (from, from + Seconds(random, 60)) } : plan;
    }

    private static TimeSpan Seconds(Random random, double most) => TimeSpan.FromSeconds(Math.Round(random.NextDouble() * most, 3));
}
