using Microsoft.Extensions.Logging;
using Registry.Mirror;
using Registry.Server.Authentication;

namespace Registry.Server.Access;

/// <summary>All that decides who is let in to do what, put together from the options. Thread-safe.</summary>
internal sealed class Security : IDisposable
{
    private readonly HtpasswdFile? _users;
    private readonly PasswordAuthenticator? _passwords;

    /// <summary>Reads the file of users, if there is to be one.</summary>
    public Security(ServerOptions options, PullThrough pulls, TimeProvider time, ILogger logger)
    {
        var opened = new OpenedAddresses(options.Access.LoginOpensMirror, time, logger);
        var policy = new AccessPolicy(options.Access, options.Passwords is not null, opened);
        Keys = new MirrorKeys(options.Access.MirrorKeys);
        if (options.Passwords is null)
        {
            Control = new AccessControl(policy, null, null, opened, pulls.Publicity);
            return;
        }

        _users = new HtpasswdFile(options.Passwords.Path, time, logger);
        _passwords = new PasswordAuthenticator(_users, time, logger);
        var authenticator = new Authenticator(_passwords, new TokenSigner(options.Passwords.TokenSecret, time));
        var challenges = new Challenges(options, options.Passwords, usesTokens: pulls.Names.Mirrors || options.Access.LetsAnonymousIn);
        Control = new AccessControl(policy, authenticator, challenges, opened, pulls.Publicity);
        Tokens = challenges.UsesTokens ? new TokenEndpoint(authenticator, policy, Keys, pulls.Names, opened, challenges, time) { FormTimeout = options.ReadTimeout } : null;
    }

    /// <summary>Finds out who asks, and decides.</summary>
    public AccessControl Control { get; }

    /// <summary>Keys in paths.</summary>
    public MirrorKeys Keys { get; }

    /// <summary>Gives tokens; null where there are none.</summary>
    public TokenEndpoint? Tokens { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _passwords?.Dispose();
        _users?.Dispose();
    }
}
