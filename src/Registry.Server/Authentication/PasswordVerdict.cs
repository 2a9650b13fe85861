namespace Registry.Server.Authentication;

/// <summary>What came of a password. Immutable.</summary>
/// <param name="User">Whose it is; null: nobody's, or it was not checked.</param>
/// <param name="RetryAfter">Above zero: it was not checked, and may be then.</param>
internal readonly record struct PasswordVerdict(string? User, TimeSpan RetryAfter)
{
    /// <summary>It is wrong.</summary>
    public static PasswordVerdict Wrong => default;

    /// <summary>Whether it was not checked because too many have been.</summary>
    public bool IsHeldBack => RetryAfter > TimeSpan.Zero;
}
