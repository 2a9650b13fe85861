namespace Registry.Mirror.Routing;

/// <summary>Where a name leads, or why it leads nowhere. Immutable; exactly one of the two is set.</summary>
public readonly record struct RouteResult
{
    private RouteResult(Destination? destination, string? refusal, bool isMalformed)
    {
        Destination = destination;
        Refusal = refusal;
        IsMalformed = isMalformed;
    }

    /// <summary>Where the name leads; null when it leads nowhere.</summary>
    public Destination? Destination { get; }

    /// <summary>Why it leads nowhere and what to do, in a sentence for the client; null when it leads somewhere.</summary>
    public string? Refusal { get; }

    /// <summary>Whether the name is no repository name at all, rather than one that nobody serves here.</summary>
    public bool IsMalformed { get; }

    internal static RouteResult To(Destination destination) => new(destination, null, false);

    internal static RouteResult Malformed(string refusal) => new(null, refusal, true);

    internal static RouteResult Nowhere(string refusal) => new(null, refusal, false);
}
