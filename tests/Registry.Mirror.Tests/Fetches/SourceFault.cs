namespace Registry.Mirror.Tests.Fetches;

/// <summary>What may go wrong with one request.</summary>
internal enum SourceFault
{
    None,
    Unreachable,
    SilentBeforeHeaders,
    ServerError,
    ServerErrorWithRetryAfter,
    TooManyRequests,
    NotFound,
    Unauthorized,
    Reset,
    Stall,
    EarlyEnd,
    ShorterRange,
    WrongFirstByte,
    OtherTotal,
    OtherETag,
    WrongBytes,
}
