namespace Registry.Mirror.Upstreams;

/// <summary>What kind of failure it was: which side, in which phase.</summary>
public enum UpstreamFailureKind
{
    /// <summary>The upstream answered 404.</summary>
    NotFound,

    /// <summary>The upstream, its token realm or its storage answered 401 or 403. Docker Hub answers so for repositories that do not exist, too.</summary>
    Unauthorized,

    /// <summary>429, from the upstream or its token realm.</summary>
    TooManyRequests,

    /// <summary>Any 5xx.</summary>
    Unavailable,

    /// <summary>No answer, since there was no connection: name resolution, connect, TLS, proxy, or closed before the headers were complete.</summary>
    Unreachable,

    /// <summary>No connection, or no headers, in time.</summary>
    Timeout,

    /// <summary>An answer that is not acted upon: a status of no use, a redirect or realm that is refused, a broken challenge, an encoded body.</summary>
    Invalid,
}
