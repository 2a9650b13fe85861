namespace Registry.Server.Acme;

/// <summary>Says that a challenge can be asked for: an empty object (RFC 8555, 7.5.1).</summary>
internal sealed record AcmeReady;
