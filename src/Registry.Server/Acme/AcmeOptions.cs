namespace Registry.Server.Acme;

/// <summary>Where certificates are ordered (<c>http.tls.letsencrypt</c>). Immutable.</summary>
public sealed record AcmeOptions
{
    /// <summary>Directory of Let's Encrypt.</summary>
    public static Uri LetsEncrypt { get; } = new("https://acme-v02.api.letsencrypt.org/directory");

    /// <summary>File of the account, the certificate and its key, mode 600. A directory of that name is taken, too: the file is in it then.</summary>
    public required string CacheFile { get; init; }

    /// <summary>DNS names that the certificate is for, at least one; the first is its subject.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Where the authority writes to when something is wrong; null: nowhere.</summary>
    public string? Email { get; init; }

    /// <summary>The authority's directory (RFC 8555, 7.1.1).</summary>
    public Uri Directory { get; init; } = LetsEncrypt;
}
