using System.Collections.Frozen;
using System.Text;

namespace Registry.Server.Authentication;

/// <summary>The users of one version of an htpasswd file. Immutable.</summary>
public sealed class UserTable
{
    /// <summary>Longest name of a user, in bytes of UTF-8: Apache's bound.</summary>
    public const int MaxName = 255;

    /// <summary>The cost of checks while there is no user whose cost could be taken.</summary>
    private const int DefaultCost = 10;

    private readonly FrozenDictionary<string, HtpasswdEntry> _users;
    private readonly FrozenDictionary<string, HtpasswdEntry>.AlternateLookup<ReadOnlySpan<char>> _byName;

    private UserTable(Dictionary<string, HtpasswdEntry> users, IReadOnlyList<HtpasswdProblem> problems)
    {
        _users = users.ToFrozenDictionary(StringComparer.Ordinal);
        _byName = _users.GetAlternateLookup<ReadOnlySpan<char>>();
        Problems = problems;
        UsualCost = users.Count == 0 ? DefaultCost : users.Values.CountBy(static entry => entry.Hash.Cost).MaxBy(static group => (group.Value, group.Key)).Key;
    }

    /// <summary>Nobody.</summary>
    public static UserTable Empty { get; } = new([], []);

    /// <summary>Names of the users, in no order.</summary>
    public IEnumerable<string> Names => _users.Keys;

    /// <summary>Lines that give nobody a password, in order.</summary>
    public IReadOnlyList<HtpasswdProblem> Problems { get; }

    /// <summary>The cost that most hashes have.</summary>
    public int UsualCost { get; }

    /// <summary>
    /// Reads the text of a file. A wrong line locks out its own user alone; of two lines for one user the first counts, as with Apache.
    /// </summary>
    public static UserTable Parse(ReadOnlySpan<char> text)
    {
        var users = new Dictionary<string, HtpasswdEntry>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var problems = new List<HtpasswdProblem>();
        var number = 0;
        foreach (var range in text.Split('\n'))
        {
            number++;
            var line = text[range].Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            if (FindProblem(line, seen, users) is { } reason)
            {
                problems.Add(new HtpasswdProblem(number, reason));
            }
        }

        return new UserTable(users, problems);
    }

    /// <summary>Says why a name cannot be a user's; null: it can.</summary>
    public static string? FindNameProblem(ReadOnlySpan<char> name) =>
        name.IsEmpty ? "the name is empty"
        : Encoding.UTF8.GetByteCount(name) > MaxName ? $"the name is longer than {MaxName} bytes"
        : name is Access.AccessRule.Anonymous or Access.AccessRule.AnyUser ? $"'{name}' has a meaning of its own in access rules"
        : name[0] == '#' || name.Contains(':') || char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]) || HasControls(name) ? "the name begins with # or a space, ends with a space, or holds a colon or a control character"
        : null;

    /// <summary>The entry of a user; null: there is no such user. Allocates nothing.</summary>
    public HtpasswdEntry? Find(ReadOnlySpan<char> user) => _byName.TryGetValue(user, out var entry) ? entry : null;

    private static string? FindProblem(ReadOnlySpan<char> line, HashSet<string> seen, Dictionary<string, HtpasswdEntry> users)
    {
        var colon = line.IndexOf(':');
        if (colon < 0)
        {
            return "there is no colon between a name and a hash";
        }

        var name = line[..colon];
        if (FindNameProblem(name) is { } problem)
        {
            return problem;
        }

        var user = name.ToString();
        if (!seen.Add(user))
        {
            return "an earlier line is of the same user, and counts";
        }

        if (!BcryptHash.TryParse(line[(colon + 1)..], out var hash))
        {
            return $"the hash is not bcrypt ($2a$, $2b$ or $2y$) of a cost from {BcryptHash.MinCost} to {BcryptHash.MaxCost}";
        }

        users.Add(user, new HtpasswdEntry(user, hash));
        return null;
    }

    private static bool HasControls(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (char.IsControl(c))
            {
                return true;
            }
        }

        return false;
    }
}
