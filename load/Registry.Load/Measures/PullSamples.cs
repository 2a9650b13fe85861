namespace Registry.Load.Measures;

/// <summary>What the rounds of one case came to for one server.</summary>
internal sealed class PullSamples
{
    /// <summary>Until the last reader has all.</summary>
    public Samples Seconds { get; } = new();

    /// <summary>Seconds until the first reader has its first byte.</summary>
    public Samples FirstByte { get; } = new();

    /// <summary>Bytes asked of the upstream, in sizes of the blob.</summary>
    public Samples Asked { get; } = new();

    /// <summary>Most connections to the upstream at once.</summary>
    public Samples Connections { get; } = new();

    /// <summary>Megabytes.</summary>
    public Samples PeakResident { get; } = new();

    /// <summary>The server's CPU-seconds for each gigabyte of different content.</summary>
    public Samples CpuPerGigabyte { get; } = new();

    /// <summary>Readers.</summary>
    public int Readers { get; set; }

    /// <summary>Readers that got everything, with the right digest.</summary>
    public int Right { get; set; }

    /// <summary>Why there is nothing; null when there is.</summary>
    public string? Skipped { get; init; }

    public string[] Row(params string[] caseAndServer) => Skipped is { } reason
        ? [.. caseAndServer, reason, .. Enumerable.Repeat("", 6)]
        : [.. caseAndServer, Seconds.Show("0.00"), FirstByte.ShowMedian("0.00"), Asked.ShowMedian("0.00"), Connections.ShowMedian("0"),
            PeakResident.ShowMedian("0"), CpuPerGigabyte.ShowMedian("0.0"), $"{Right} of {Readers}"];
}
