namespace Registry.Server.Acme;

/// <summary>Sends the request for the certificate (RFC 8555, 7.4).</summary>
/// <param name="Csr">PKCS #10 in DER, base64url.</param>
internal sealed record AcmeFinalize(string Csr);
