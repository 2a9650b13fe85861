namespace Registry.Testing.Requests;

/// <summary>The listener of a scripted upstream that a request came to.</summary>
public enum UpstreamPart
{
    /// <summary>The registry itself: <c>/v2/…</c>.</summary>
    Registry,

    /// <summary>The host that issues tokens.</summary>
    Tokens,

    /// <summary>The host that blobs are redirected to.</summary>
    Cdn,
}
