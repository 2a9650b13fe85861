namespace Registry.Server.Tls;

/// <summary>What is asked of a client in the handshake (distribution's <c>clientauth</c>).</summary>
public enum ClientCertificateDemand
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A certificate is asked for; none, or any, will do.</summary>
    Request,

    /// <summary>Any certificate must be shown.</summary>
    RequireAny,

    /// <summary>One that is shown must be of the authorities.</summary>
    VerifyIfGiven,

    /// <summary>One of the authorities must be shown.</summary>
    RequireAndVerify,
}
