namespace Registry.Server.Acme;

/// <summary>A way to prove an authorization (RFC 8555, 8).</summary>
internal sealed record AcmeChallenge(string Type, Uri Url, string? Token = null, AcmeProblem? Error = null);
