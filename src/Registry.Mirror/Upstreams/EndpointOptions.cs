namespace Registry.Mirror.Upstreams;

/// <summary>One URL of an upstream, with the credentials that are its own. Immutable.</summary>
/// <param name="Url">Scheme, host, port and perhaps a path, under which <c>/v2/</c> lies.</param>
public sealed record EndpointOptions(Uri Url)
{
    /// <summary>User and password, never sent to another host than the endpoint's own and its token realm; null: anonymous.</summary>
    public UpstreamCredential? Credential { get; init; }
}
