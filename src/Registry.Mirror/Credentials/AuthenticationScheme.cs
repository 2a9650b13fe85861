using System.Net.Http.Headers;
using Registry.Storage.Content;

namespace Registry.Mirror.Credentials;

/// <summary>How an endpoint wants to be asked, learned from a challenge of its. Immutable.</summary>
internal abstract record AuthenticationScheme
{
    private AuthenticationScheme()
    {
    }

    /// <summary>User and password with every request.</summary>
    public sealed record Basic(AuthenticationHeaderValue Header) : AuthenticationScheme;

    /// <summary>A token for every scope, from a realm that has been judged.</summary>
    /// <param name="Realm">Where tokens come from.</param>
    /// <param name="Service">What to call the registry there; null: unnamed.</param>
    /// <param name="Scope">The challenge's scope; null: unnamed.</param>
    public sealed record Bearer(Uri Realm, string? Service, string? Scope) : AuthenticationScheme
    {
        /// <summary>
        /// What a token for a repository is asked for by. Registries put placeholders or more than pulling into the scope of a challenge, so a scope about
        /// repositories is replaced by our own; others (<c>aws</c>) are a registry's own and are kept.
        /// </summary>
        public TokenKey KeyFor(RepositoryName repository)
        {
            var isForeign = !string.IsNullOrWhiteSpace(Scope) && !Scope.TrimStart().StartsWith("repository", StringComparison.OrdinalIgnoreCase);
            return new TokenKey(Realm, Service, isForeign ? Scope! : $"repository:{repository}:pull");
        }
    }
}
