namespace Registry.Server.Acme;

/// <summary>Asks for an account (RFC 8555, 7.3).</summary>
internal sealed record AcmeNewAccount(bool TermsOfServiceAgreed, IReadOnlyList<string>? Contact);
