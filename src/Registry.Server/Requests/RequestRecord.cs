namespace Registry.Server.Requests;

/// <summary>What is noted of one request while it is answered. Belongs to the request; not thread-safe.</summary>
internal sealed class RequestRecord
{
    /// <summary>The id in the answer, in errors and in the log: 16 hexadecimal characters.</summary>
    public string Id { get; } = Random.Shared.GetHexString(16, lowercase: true);

    /// <summary>Who asks, and how.</summary>
    public required ClientOrigin Origin { get; init; }

    /// <summary>Bytes of the body that were handed to the connection.</summary>
    public long BytesSent { get; set; }

    /// <summary>Whether the client left, or was broken off, before the whole answer was sent.</summary>
    public bool IsBroken { get; set; }
}
