namespace Registry.Server.Acme;

/// <summary>The authority refuses, or says what cannot be understood. The message holds its words, shortened.</summary>
internal sealed class AcmeException(string message, string type = "") : Exception(message)
{
    /// <summary>Longest part of the authority's words that is kept.</summary>
    private const int MaxDetail = 500;

    /// <summary>Kind of the error (RFC 8555, 6.7), without <c>urn:ietf:params:acme:error:</c>; empty: it names none.</summary>
    public string Type { get; } = type;

    /// <summary>When it may be asked again; null: it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Words an error that the authority gave.</summary>
    public static AcmeException Of(string what, AcmeProblem? problem, TimeSpan? retryAfter = null)
    {
        var type = problem?.Type is { } urn ? urn[(urn.LastIndexOf(':') + 1)..] : "";
        var detail = problem?.Detail ?? "no reason given";
        return new AcmeException($"{what}: {detail[..Math.Min(detail.Length, MaxDetail)]}{(type.Length > 0 ? $" ({type})" : "")}", type) { RetryAfter = retryAfter };
    }
}
