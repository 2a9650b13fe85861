namespace Registry.Server.Acme;

/// <summary>The proof that a name is ours (RFC 8555, 7.1.4).</summary>
internal sealed record AcmeAuthorization(AcmeIdentifier Identifier, string Status, IReadOnlyList<AcmeChallenge> Challenges);
