namespace Registry.Server.Authentication;

/// <summary>What a request's <c>Authorization</c> header is worth. Immutable.</summary>
/// <param name="Proof">What was shown.</param>
/// <param name="User">Whose it is; null: nobody's, or an anonymous client's.</param>
/// <param name="RetryAfter">With <see cref="Proof.HeldBack"/>: when it may be checked.</param>
internal readonly record struct Identification(Proof Proof, string? User, TimeSpan RetryAfter = default);
