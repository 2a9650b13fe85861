namespace Registry.Server.Acme;

/// <summary>A name that is certified (RFC 8555, 9.7.7).</summary>
internal sealed record AcmeIdentifier(string Type, string Value);
