namespace Registry.Server.Listeners;

/// <summary>A second listener that speaks plain HTTP beside TLS (<c>http.plain</c>). Immutable.</summary>
public sealed record PlainOptions
{
    /// <summary>Where it listens: <c>HOST:PORT</c> or <c>:PORT</c>. Port 0 takes a free one.</summary>
    public required string Address { get; init; }

    /// <summary>Directory under which an ACME client of its own writes <c>.well-known/acme-challenge/</c>; null: there is none.</summary>
    public string? AcmeWebRoot { get; init; }

    /// <summary>Whether everything but challenges is sent to https; else the registry is served.</summary>
    public bool Redirects { get; init; }
}
