namespace Registry.EndToEnd.Pushes.Crashes;

/// <summary>An upload whose end was not reached. One owner at a time.</summary>
internal sealed record InterruptedUpload(string Repository, byte[] Content)
{
    /// <summary>How many bytes were acknowledged with 202.</summary>
    public int Acknowledged { get; set; }

    /// <summary>How many were sent.</summary>
    public int Sent { get; set; }
}
