namespace Registry.Mirror.Credentials;

/// <summary>A token and how long it is used. Immutable; compared by reference, so that only the very token that was refused is dropped.</summary>
internal sealed class BearerToken(string value, DateTimeOffset useUntil)
{
    /// <summary>The secret itself.</summary>
    public string Value => value;

    /// <summary>From here on it is not sent any more, though it may live a little longer.</summary>
    public DateTimeOffset UseUntil => useUntil;
}
