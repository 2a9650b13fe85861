namespace Registry.Mirror.Routing;

/// <summary>Where a name leads, or why it leads nowhere. Immutable.</summary>
public readonly record struct RouteResult
{
    private RouteResult(Destination? destination, RouteRefusal refusal, string? reason)
    {
        Destination = destination;
        Refusal = refusal;
        Reason = reason;
    }

    /// <summary>Where the name leads; null when it leads nowhere.</summary>
    public Destination? Destination { get; }

    /// <summary>What kind of refusal it is; meaningless with a destination.</summary>
    public RouteRefusal Refusal { get; }

    /// <summary>Why it leads nowhere and what to do, in a sentence or two for the client; null when it leads somewhere.</summary>
    public string? Reason { get; }

    internal static RouteResult To(Destination destination) => new(destination, default, null);

    internal static RouteResult Refuse(RouteRefusal refusal, string reason) => new(null, refusal, reason);
}
