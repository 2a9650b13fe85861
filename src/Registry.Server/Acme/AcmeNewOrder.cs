namespace Registry.Server.Acme;

/// <summary>Asks for an order (RFC 8555, 7.4).</summary>
internal sealed record AcmeNewOrder(IReadOnlyList<AcmeIdentifier> Identifiers);
