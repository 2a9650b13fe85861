namespace Registry.Mirror.Upstreams;

/// <summary>A host that an upstream named (redirect target, token realm) stands on an address where that upstream has no business.</summary>
internal sealed class ForbiddenAddressException(string host)
    : Exception($"{host} is on an address that this upstream may not send us to");
