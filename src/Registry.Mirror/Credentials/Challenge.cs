namespace Registry.Mirror.Credentials;

/// <summary>One challenge of a <c>WWW-Authenticate</c> header (RFC 9110, 11.6.1). Immutable.</summary>
/// <param name="Scheme">The scheme as it came; compare without case.</param>
/// <param name="Parameters">Names in lower case; of one that occurs twice, the first.</param>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>The value of a parameter, by its lower-case name; null: absent.</summary>
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>Whether it is of this scheme.</summary>
    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);
}
