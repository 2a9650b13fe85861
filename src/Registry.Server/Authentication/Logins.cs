using Microsoft.Extensions.Logging;

namespace Registry.Server.Authentication;

/// <summary>What is known of users and their passwords; it outlives a change of the access rules. Thread-safe.</summary>
internal sealed class Logins : IDisposable
{
    private readonly HtpasswdFile _users;
    private readonly PasswordAuthenticator _passwords;

    /// <summary>Reads the file of users.</summary>
    public Logins(PasswordOptions options, TimeProvider time, ILogger logger)
    {
        Options = options;
        _users = new HtpasswdFile(options.Path, time, logger);
        _passwords = new PasswordAuthenticator(_users, time, logger);
        Authenticator = new Authenticator(_passwords, new TokenSigner(options.TokenSecret, time));
    }

    /// <summary>How clients log in.</summary>
    public PasswordOptions Options { get; }

    /// <summary>Says who somebody is.</summary>
    public Authenticator Authenticator { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _passwords.Dispose();
        _users.Dispose();
    }
}
