namespace Registry.Server.Authentication;

/// <summary>How clients log in (<c>auth.htpasswd</c>). Immutable.</summary>
/// <param name="Realm">What a Basic challenge calls the place, without quotes or control characters.</param>
/// <param name="Path">The file of users and passwords, in Apache's form.</param>
public sealed record PasswordOptions(string Realm, string Path)
{
    /// <summary>What tokens are signed with (<c>http.secret</c>), so that several servers take each other's; null: a random key that ends with the process.</summary>
    public string? TokenSecret { get; init; }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"{Path} ({Realm})";
}
