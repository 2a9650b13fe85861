namespace Registry.Server.Authentication;

/// <summary>A user and the hash of the password. Immutable.</summary>
/// <param name="Name">The name.</param>
/// <param name="Hash">The hash.</param>
public sealed record HtpasswdEntry(string Name, BcryptHash Hash);
