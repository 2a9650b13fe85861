namespace Registry.Server.Acme;

/// <summary>An error of the authority (RFC 7807).</summary>
internal sealed record AcmeProblem(string? Type = null, string? Detail = null);
