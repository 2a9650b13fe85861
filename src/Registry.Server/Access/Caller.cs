using System.Net;

namespace Registry.Server.Access;

/// <summary>Who asks, from where. Immutable.</summary>
/// <param name="User">The user whose password or token was right; null: the client is anonymous.</param>
/// <param name="Address">The client's address; null: it came over a Unix socket.</param>
internal readonly record struct Caller(string? User, IPAddress? Address)
{
    /// <summary>Whether a mirror key stands in the request's path.</summary>
    public bool HasMirrorKey { get; init; }

    /// <summary>Whether nobody has said who this is.</summary>
    public bool IsAnonymous => User is null;
}
