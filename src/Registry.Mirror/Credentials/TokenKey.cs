namespace Registry.Mirror.Credentials;

/// <summary>What a token is for. Immutable.</summary>
/// <param name="Realm">Where it comes from.</param>
/// <param name="Service">The service it is for; null: the challenge named none.</param>
/// <param name="Scope">What it allows.</param>
internal sealed record TokenKey(Uri Realm, string? Service, string Scope);
