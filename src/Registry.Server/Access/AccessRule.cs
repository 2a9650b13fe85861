using System.Net;
using Registry.Mirror.Routing;
using Registry.Storage.Content;

namespace Registry.Server.Access;

/// <summary>One right that is given (<c>access.rules</c>): who may do what on which repositories from where. Immutable.</summary>
public sealed class AccessRule
{
    /// <summary>The user name that stands for clients without a password, and by that for everybody.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The user name that stands for everybody who is logged in.</summary>
    public const string AnyUser = "*";

    private readonly HashSet<string> _users;
    private readonly NamePattern[] _repositories;
    private readonly IPNetwork[] _networks;
    private readonly bool? _mirrored;

    /// <summary>A rule.</summary>
    /// <param name="users">Names of users, <see cref="AnyUser"/>, <see cref="Anonymous"/>. None: the rule is nobody's.</param>
    /// <param name="repositories">Patterns of names, as the catalog lists them. None: every repository.</param>
    /// <param name="actions">What it allows.</param>
    /// <param name="networks">Where the client must be. None: anywhere.</param>
    /// <param name="mirrored">True: mirrored repositories alone; false: local ones alone; null: both.</param>
    public AccessRule(
        IEnumerable<string> users, IEnumerable<NamePattern> repositories, RepositoryActions actions, IEnumerable<IPNetwork> networks, bool? mirrored)
    {
        _users = new HashSet<string>(users, StringComparer.Ordinal);
        _repositories = [.. repositories];
        Actions = actions;
        _networks = [.. networks];
        _mirrored = mirrored;
        IsForAnonymous = _users.Contains(Anonymous);
    }

    /// <summary>What it allows.</summary>
    public RepositoryActions Actions { get; }

    /// <summary>Whether clients without a password have it.</summary>
    public bool IsForAnonymous { get; }

    /// <summary>Whether the rule gives an action to a caller. Allocates nothing.</summary>
    internal bool Grants(in Caller caller, RepositoryActions action, RepositoryName repository, bool isMirrored) =>
        (Actions & action) == action
        && (_mirrored is null || _mirrored == isMirrored)
        && IsFor(caller.User)
        && IsFrom(caller.Address)
        && IsAbout(repository);

    // What everybody has without logging in, nobody loses by logging in.
    private bool IsFor(string? user) => IsForAnonymous || (user is not null && (_users.Contains(user) || _users.Contains(AnyUser)));

    private bool IsFrom(IPAddress? address)
    {
        if (_networks.Length == 0)
        {
            return true;
        }

        if (address is not null)
        {
            foreach (var network in _networks)
            {
                if (network.Contains(address))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool IsAbout(RepositoryName repository)
    {
        if (_repositories.Length == 0)
        {
            return true;
        }

        foreach (var pattern in _repositories)
        {
            if (pattern.Matches(repository))
            {
                return true;
            }
        }

        return false;
    }
}
