namespace Registry.Server.Problems;

/// <summary>A refusal or failure as a client sees it (OCI distribution specification, "Error Codes"). Immutable.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code, from the specification or from distribution.</param>
/// <param name="Message">What is wrong and what to do, in a sentence or two.</param>
public sealed record Problem(int Status, string Code, string Message)
{
    /// <summary>When to ask again; null: nothing is said of it.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Value of the <c>Allow</c> header of a 405.</summary>
    public string? Allow { get; init; }
}
