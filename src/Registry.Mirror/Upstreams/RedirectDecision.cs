namespace Registry.Mirror.Upstreams;

/// <summary>Where to go on, or why not. Immutable.</summary>
/// <param name="Target">The next URL; null: refused.</param>
/// <param name="KeepsAuthorization">Whether the target is of the same origin, so that credentials may go along.</param>
/// <param name="Refusal">Why not, without any part of the URL but the host; null: followed.</param>
internal sealed record RedirectDecision(Uri? Target, bool KeepsAuthorization, string? Refusal);
