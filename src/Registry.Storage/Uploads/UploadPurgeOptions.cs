namespace Registry.Storage.Uploads;

/// <summary>When uploads that nobody goes on with are ended (<c>storage.maintenance.uploadpurging</c>). Immutable.</summary>
public sealed record UploadPurgeOptions
{
    /// <summary>Whether they are at all.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>How long nobody has written to them.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromHours(168);

    /// <summary>How often they are looked for.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether they are only counted.</summary>
    public bool IsDryRun { get; init; }
}
