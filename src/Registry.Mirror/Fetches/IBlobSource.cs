namespace Registry.Mirror.Fetches;

/// <summary>One place that a blob's bytes can come from: an endpoint of an upstream, or a simulation of one. Thread-safe.</summary>
internal interface IBlobSource
{
    /// <summary>The host, for logs and errors.</summary>
    string Host { get; }

    /// <summary>Asks for the bytes from <paramref name="first"/> to <paramref name="last"/>, both included, or to the end when that is null.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired; everything else is a value.</exception>
    Task<BlobReply> OpenAsync(long first, long? last, CancellationToken cancellation);
}
