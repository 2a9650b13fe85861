using Registry.Server.Access;
using Registry.Server.Authentication;

namespace Registry.Server.Requests;

/// <summary>What is noted of one request while it is answered. Belongs to the request; not thread-safe.</summary>
internal sealed class RequestRecord
{
    /// <summary>The id in the answer, in errors and in the log: 16 hexadecimal characters.</summary>
    public string Id { get; } = Random.Shared.GetHexString(16, lowercase: true);

    /// <summary>Who asks, and how.</summary>
    public required ClientOrigin Origin { get; init; }

    /// <summary>The same as rights are judged by.</summary>
    public Caller Caller { get; set; }

    /// <summary>What the client has shown of who it is.</summary>
    public Proof Proof { get; set; }

    /// <summary>The user whose password or token was right; null: nobody's was.</summary>
    public string? User { get; set; }

    /// <summary>The mirror key that was cut out of the path; null: there was none.</summary>
    public MirrorKey? MirrorKey { get; set; }

    /// <summary>Whether the query is not to be logged: it names users, of other registries too.</summary>
    public bool HidesQuery { get; set; }

    /// <summary>Bytes of the body that were handed to the connection.</summary>
    public long BytesSent { get; set; }

    /// <summary>Whether the client left, or was broken off, before the whole answer was sent.</summary>
    public bool IsBroken { get; set; }
}
