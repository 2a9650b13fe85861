namespace Registry.Server.Access;

/// <summary>Who may do what (<c>access</c>). Immutable.</summary>
public sealed record AccessOptions
{
    /// <summary>The rights that are given; what none gives is refused. Null: no rules are written, so who is logged in may do everything, and without <c>auth</c> everybody.</summary>
    public IReadOnlyList<AccessRule>? Rules { get; init; }

    /// <summary>Keys that let who knows one pull mirrored content.</summary>
    public IReadOnlyList<MirrorKey> MirrorKeys { get; init; } = [];

    /// <summary>How long mirrored pulls from a public address need no password after a login from there. Zero: not at all.</summary>
    public TimeSpan LoginOpensMirror { get; init; }

    /// <summary>Whether there is a way in for clients that send no password, where there are passwords.</summary>
    public bool LetsAnonymousIn => MirrorKeys.Count > 0 || LoginOpensMirror > TimeSpan.Zero || (Rules is not null && Rules.Any(static rule => rule.IsForAnonymous));
}
