namespace Registry.Server.Acme;

/// <summary>What is kept of an authority. Immutable. Holds keys: it is written nowhere but into its file.</summary>
internal sealed record AcmeState
{
    /// <summary>The authority's directory.</summary>
    public required Uri Directory { get; init; }

    /// <summary>The account's private key, PEM.</summary>
    public required string AccountKey { get; init; }

    /// <summary>The account's URL; null: it has none yet.</summary>
    public Uri? Account { get; init; }

    /// <summary>The names that the certificate was ordered for.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The certificate and its intermediates, PEM; null: none has been issued yet.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's private key, PEM.</summary>
    public string? Key { get; init; }
}
