namespace Registry.Mirror.Upstreams;

/// <summary>How far an IP address reaches.</summary>
internal enum AddressClass
{
    /// <summary>Anywhere on the Internet.</summary>
    Public,

    /// <summary>Private and shared networks: RFC 1918, RFC 6598, RFC 4193, RFC 2544.</summary>
    Private,

    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>This link, where cloud machines find their metadata service.</summary>
    LinkLocal,

    /// <summary>No address of one host: unspecified, multicast, reserved.</summary>
    Unusable,
}
