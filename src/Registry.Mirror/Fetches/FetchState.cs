namespace Registry.Mirror.Fetches;

/// <summary>How far a fetch is. It only ever moves forward.</summary>
internal enum FetchState
{
    /// <summary>Bytes are coming, or are tried for.</summary>
    Running,

    /// <summary>All bytes are there and have the digest; the blob is being put in its place.</summary>
    Verified,

    /// <summary>The blob does not come; its readers have been told.</summary>
    Failed,
}
