using Registry.Storage.Content;

namespace Registry.Server.Access;

/// <summary>
/// The one place that says whether somebody may do something to a repository: every route, mounts, the catalog and tokens ask here. Thread-safe; allocates nothing.
/// </summary>
/// <param name="options">What is configured.</param>
/// <param name="hasPasswords">Whether clients can log in (<c>auth</c>).</param>
/// <param name="opened">Addresses opened by a login.</param>
internal sealed class AccessPolicy(AccessOptions options, bool hasPasswords, OpenedAddresses opened)
{
    private readonly AccessRule[]? _rules = options.Rules is null ? null : [.. options.Rules];

    /// <summary>Whether everybody may do everything: nothing is configured that could refuse.</summary>
    public bool IsOpen => _rules is null && !hasPasswords;

    /// <summary>Whether a caller may do all of <paramref name="actions"/>. What nothing allows is refused.</summary>
    /// <param name="caller">Who asks, from where.</param>
    /// <param name="actions">One action or several.</param>
    /// <param name="repository">The repository by its place in the store, as the catalog lists it.</param>
    /// <param name="isMirrored">Whether its content comes from an upstream.</param>
    public bool Allows(in Caller caller, RepositoryActions actions, RepositoryName repository, bool isMirrored)
    {
        for (var action = RepositoryActions.Pull; action <= RepositoryActions.Admin; action = (RepositoryActions)((int)action << 1))
        {
            if ((actions & action) != RepositoryActions.None && !AllowsOne(caller, action, repository, isMirrored))
            {
                return false;
            }
        }

        return actions != RepositoryActions.None;
    }

    private bool AllowsOne(in Caller caller, RepositoryActions action, RepositoryName repository, bool isMirrored)
    {
        if (_rules is null)
        {
            if (!hasPasswords || !caller.IsAnonymous)
            {
                return true;
            }
        }
        else
        {
            foreach (var rule in _rules)
            {
                if (rule.Grants(caller, action, repository, isMirrored))
                {
                    return true;
                }
            }
        }

        return isMirrored && action == RepositoryActions.Pull && (caller.HasMirrorKey || opened.IsOpen(caller.Address));
    }
}
