namespace Registry.Mirror.Routing;

/// <summary>Why a name leads nowhere.</summary>
public enum RouteRefusal
{
    /// <summary>It is no repository name at all.</summary>
    Malformed,

    /// <summary>Nobody serves it here.</summary>
    Unknown,

    /// <summary>It may be pulled, and not be pushed to.</summary>
    Denied,
}
