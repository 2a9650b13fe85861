namespace Registry.Testing.Authentication;

/// <summary>What a scripted upstream wants to know of its clients before it answers.</summary>
public abstract record UpstreamAuthentication
{
    private UpstreamAuthentication()
    {
    }

    /// <summary>Everybody gets everything.</summary>
    public sealed record None : UpstreamAuthentication;

    /// <summary>HTTP Basic with one user.</summary>
    public sealed record Basic(string User, string Password) : UpstreamAuthentication;

    /// <summary>Tokens from a host of its own (distribution's token specification).</summary>
    public sealed record Bearer : UpstreamAuthentication
    {
        /// <summary>The one user; null lets everybody have tokens, as for public content.</summary>
        public string? User { get; init; }

        /// <summary>The user's password.</summary>
        public string? Password { get; init; }

        /// <summary>The scope that challenges name instead of the right one: <c>repository:user/image:pull</c> (ghcr.io), <c>aws</c> (ECR Public).</summary>
        public string? ChallengeScope { get; init; }

        /// <summary>The only scope that opens anything, whatever is pulled; null asks for <c>repository:NAME:pull</c>.</summary>
        public string? ConstantScope { get; init; }

        /// <summary>How long a token is good for.</summary>
        public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

        /// <summary>The host under which the realm is named; <c>localhost</c> is another site than the registry's 127.0.0.1.</summary>
        public string RealmHost { get; init; } = "127.0.0.1";

        /// <summary>The service that challenges name.</summary>
        public string Service { get; init; } = "registry.example";
    }
}
