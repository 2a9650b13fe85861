namespace Registry.EndToEnd.Fetches;

/// <summary>What goes wrong while a blob is on its way.</summary>
public enum TransferFault
{
    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>The body stops, the connection stays.</summary>
    Stall,

    /// <summary>The connection is closed in order before the body's end.</summary>
    EarlyEnd,

    /// <summary>The storage answers 500.</summary>
    ServerError,

    /// <summary>The registry and its storage answer 429 with Retry-After.</summary>
    RateLimited,

    /// <summary>The token and the signed link are good no longer.</summary>
    ExpiredToken,

    /// <summary>Every signed link is good for one request.</summary>
    ExpiredLink,

    /// <summary>The registry redirects to another host from some point on.</summary>
    ChangedRedirect,

    /// <summary>The answer has other bytes than were asked for.</summary>
    WrongContentRange,

    /// <summary>The answer says another length of the whole.</summary>
    OtherLength,

    /// <summary>The same host sends another entity tag.</summary>
    OtherEntityTag,

    /// <summary>The answer to a range is the whole.</summary>
    RangeIgnored,

    /// <summary>The upstream breaks all connections and refuses further ones for a while.</summary>
    Refused,

    /// <summary>The storage and the registry answer 404.</summary>
    NotFound,

    /// <summary>The storage answers 403 to so many requests that all connections meet it.</summary>
    Forbidden,
}
