namespace Registry.Server.Transport;

/// <summary>What came of offering a piece of a file to a socket.</summary>
internal enum SendFileResult
{
    /// <summary>It took all.</summary>
    Sent,

    /// <summary>It took a part or nothing, and takes more when it is writable again.</summary>
    Full,

    /// <summary>The file's system has no sendfile: its bytes have to be copied.</summary>
    Unsupported,
}
