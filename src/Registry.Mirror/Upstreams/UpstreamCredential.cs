namespace Registry.Mirror.Upstreams;

/// <summary>A user and a password of ours at an upstream. Immutable; its text never shows the password.</summary>
/// <param name="Username">The user.</param>
/// <param name="Password">The password or access token.</param>
public sealed record UpstreamCredential(string Username, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Username}:***";
}
