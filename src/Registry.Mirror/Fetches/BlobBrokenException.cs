namespace Registry.Mirror.Fetches;

/// <summary>A blob that was under way does not come after all: whoever has begun to send it must break the transfer, so that nobody takes it for complete.</summary>
public sealed class BlobBrokenException : Exception
{
    internal BlobBrokenException(string message)
        : base(message)
    {
    }
}
