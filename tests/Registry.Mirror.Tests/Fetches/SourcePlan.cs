namespace Registry.Mirror.Tests.Fetches;

/// <summary>How a simulated endpoint behaves.</summary>
internal sealed record SourcePlan
{
    public required string Host { get; init; }

    public TimeSpan Latency { get; init; }

    /// <summary>Bytes a second of one connection.</summary>
    public double Rate { get; init; } = 1e6;

    /// <summary>Bytes a second of all connections together.</summary>
    public double TotalRate { get; init; } = 1e7;

    public int MaxChunk { get; init; } = 16 << 10;

    /// <summary>How likely it honours a range.</summary>
    public double HonoursRanges { get; init; } = 1;

    /// <summary>Whether an answer without a range tells the length.</summary>
    public bool TellsLength { get; init; } = true;

    public SourceFault[] Faults { get; init; } = [];

    /// <summary>How likely a request meets a fault.</summary>
    public double FaultRate { get; init; }

    /// <summary>When the faults end.</summary>
    public TimeSpan HealsAt { get; init; }

    /// <summary>Offset of a byte that is wrong in everything that it ever sends.</summary>
    public long? WrongAt { get; init; }

    /// <summary>Nobody gets a connection in this time.</summary>
    public (TimeSpan From, TimeSpan Until) Outage { get; init; }

    public bool IsHonest => WrongAt is null;
}
