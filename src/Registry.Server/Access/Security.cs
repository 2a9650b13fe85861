using Registry.Mirror;
using Registry.Server.Authentication;

namespace Registry.Server.Access;

/// <summary>All that decides who is let in to do what, put together from the options. Thread-safe.</summary>
internal sealed class Security
{
    /// <summary>Asks nobody anything.</summary>
    /// <param name="options">The options.</param>
    /// <param name="logins">Who knows users; null: there are none.</param>
    /// <param name="opened">Addresses that a login opens.</param>
    /// <param name="pulls">What is mirrored.</param>
    /// <param name="time">The clock.</param>
    public Security(ServerOptions options, Logins? logins, OpenedAddresses opened, PullThrough pulls, TimeProvider time)
    {
        var policy = new AccessPolicy(options.Access, logins is not null, opened);
        Keys = new MirrorKeys(options.Access.MirrorKeys);
        if (logins is null)
        {
            Control = new AccessControl(policy, null, null, opened, pulls.Publicity);
            return;
        }

        var challenges = new Challenges(options, logins.Options, usesTokens: pulls.Names.Mirrors || options.Access.LetsAnonymousIn);
        Control = new AccessControl(policy, logins.Authenticator, challenges, opened, pulls.Publicity);
        Tokens = challenges.UsesTokens ? new TokenEndpoint(logins.Authenticator, policy, Keys, pulls.Names, opened, challenges, time) { FormTimeout = options.ReadTimeout } : null;
    }

    /// <summary>Finds out who asks, and decides.</summary>
    public AccessControl Control { get; }

    /// <summary>Keys in paths.</summary>
    public MirrorKeys Keys { get; }

    /// <summary>Gives tokens; null where there are none.</summary>
    public TokenEndpoint? Tokens { get; }
}
