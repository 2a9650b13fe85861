using System.Diagnostics.CodeAnalysis;
using Registry.Server.Access;

namespace Registry.Server.Authentication;

/// <summary>One scope of a token request: <c>repository:NAME:pull,push</c>. Immutable.</summary>
/// <param name="Name">The repository, not parsed.</param>
/// <param name="Actions">What is to be done.</param>
internal sealed record TokenScope(string Name, RepositoryActions Actions)
{
    private const string Repository = "repository";

    private const RepositoryActions All = RepositoryActions.Pull | RepositoryActions.Push | RepositoryActions.Delete | RepositoryActions.Admin;

    /// <summary>Parses a scope; false: it is of another type, or malformed. A name may hold a port's colon.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out TokenScope? scope)
    {
        scope = null;
        var first = text.IndexOf(':');
        var last = text.LastIndexOf(':');
        if (first < 0 || last == first || !IsRepository(text[..first]))
        {
            return false;
        }

        var actions = RepositoryActions.None;
        foreach (var range in text[(last + 1)..].Split(','))
        {
            actions |= text[(last + 1)..][range] switch
            {
                "pull" => RepositoryActions.Pull,
                "push" => RepositoryActions.Pull | RepositoryActions.Push,
                "delete" => RepositoryActions.Delete,
                _ => All,
            };
        }

        scope = new TokenScope(text[(first + 1)..last].ToString(), actions);
        return true;
    }

    // A class may follow in parentheses: repository(plugin).
    private static bool IsRepository(ReadOnlySpan<char> type) => type is Repository || (type.StartsWith($"{Repository}(") && type[^1] == ')');
}
