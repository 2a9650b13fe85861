namespace Registry.Server.Acme;

/// <summary>An order of a certificate (RFC 8555, 7.1.3).</summary>
internal sealed record AcmeOrder(string Status, IReadOnlyList<Uri> Authorizations, Uri Finalize, Uri? Certificate = null, AcmeProblem? Error = null);
