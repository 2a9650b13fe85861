using Registry.Testing.Serving;

namespace Registry.Testing.Faults;

/// <summary>All that the rules have decided for one exchange.</summary>
internal sealed class FaultEffects
{
    /// <summary>Stands in for what the upstream would have answered.</summary>
    public UpstreamResponse? Answer { get; set; }

    /// <summary>Nothing is answered before this gate opens.</summary>
    public Gate? BeforeHeaders { get; set; }

    /// <summary>The body stops at <see cref="StallAfter"/> bytes until this gate opens.</summary>
    public Gate? InBody { get; set; }

    public long StallAfter { get; set; }

    public Cut Cut { get; set; }

    public long CutAfter { get; set; }

    /// <summary>Offsets in the content of the bytes to spoil.</summary>
    public List<long> CorruptAt { get; } = [];

    public long? ClaimedLength { get; set; }

    public bool IgnoreRange { get; set; }

    public bool Gzip { get; set; }

    /// <summary>Headers to set, or with null to leave out.</summary>
    public Dictionary<string, string?> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);
}
