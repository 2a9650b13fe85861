using Registry.Aot.Configuration.Tree;
using Registry.Aot.Configuration.Values;
using Registry.Server.Access;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>access</c>. What is left out by mistake must never mean more than was meant, so what would is an error.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class AccessBinder(Diagnostics found)
{
    /// <summary>Binds the section.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="hasPasswords">Whether clients can log in.</param>
    /// <param name="mirrors">Whether there is an upstream.</param>
    public AccessOptions Bind(SectionReader root, bool hasPasswords, bool mirrors)
    {
        var access = root.Section("access");
        var options = new AccessOptions
        {
            Rules = access.Entry("rules") is null ? null : [.. access.Sections("rules").Select(BindRule).OfType<AccessRule>()],
            MirrorKeys = BindKeys(access),
            LoginOpensMirror = access.Duration("loginopensmirror") ?? TimeSpan.Zero,
        };
        if (options.LoginOpensMirror > TimeSpan.Zero && !(hasPasswords && mirrors))
        {
            found.Error(access.Entry("loginopensmirror")!.Origin, $"access.loginopensmirror stands without {(mirrors ? "auth, so nobody logs in" : "a mirror")}; expected both beside it");
        }

        if (options.MirrorKeys.Count > 0 && !(mirrors && (hasPasswords || options.Rules is not null)))
        {
            found.Error(
                access.Entry("mirrorkeys")!.Origin,
                $"access.mirrorkeys stands without {(mirrors ? "auth or access.rules, so everybody may pull" : "a mirror")}; expected both beside it");
        }

        return options;
    }

    private static readonly Dictionary<string, RepositoryActions> Actions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pull"] = RepositoryActions.Pull,
        ["push"] = RepositoryActions.Push,
        ["delete"] = RepositoryActions.Delete,
        ["admin"] = RepositoryActions.Admin,
    };

    private AccessRule? BindRule(SectionReader rule)
    {
        var users = rule.Texts("users").ToList();
        var actions = rule.Texts("actions").Aggregate(RepositoryActions.None, static (all, word) => all | Actions[word]);
        if (users.Count == 0)
        {
            found.Error(rule.Origin, "access.rules: a rule names no users; expected names, '*' for all who are logged in, or anonymous");
        }

        if (actions == RepositoryActions.None)
        {
            found.Error(rule.Origin, "access.rules: a rule allows no actions; expected some of pull, push, delete, admin");
        }

        RefuseEmpty(rule, "repositories", "all repositories");
        RefuseEmpty(rule, "from", "all networks");
        return new AccessRule(
            users,
            rule.Texts("repositories").Select(static text => Mirror.Routing.NamePattern.TryParse(text, out var pattern) ? pattern : throw new FormatException("A pattern was expected.")),
            actions,
            rule.Texts("from").Select(NetworkText.Parse),
            rule.Flag("mirrored"));
    }

    // Left out it means all; an empty list is meant as none, or is a template whose values are missing.
    private void RefuseEmpty(SectionReader rule, string key, string meaning)
    {
        if (rule.Entries.FirstOrDefault(entry => entry.Name == key) is { } entry && !rule.Texts(key).Any())
        {
            found.Error(entry.Origin, $"access.rules: {key} is empty; expected values, or no {key} for {meaning}");
        }
    }

    private List<MirrorKey> BindKeys(SectionReader access)
    {
        var keys = new List<MirrorKey>();
        foreach (var section in access.Sections("mirrorkeys"))
        {
            var name = section.Text("name");
            var path = section.Text("keyfile");
            if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(path))
            {
                found.Error(section.Origin, "access.mirrorkeys: a key has no name or no keyfile; expected both");
            }
            else if (ReadKey(section.Entry("keyfile")!, path) is not { } secret)
            {
                continue;
            }
            else if (keys.Exists(key => key.Name == name) || keys.Exists(key => key.IsSame(secret)))
            {
                found.Error(section.Origin, "access.mirrorkeys: another key has the same name or the same secret; expected one of its own");
            }
            else
            {
                keys.Add(new MirrorKey(name, secret));
            }
        }

        return keys;
    }

    private string? ReadKey(MapEntry entry, string path)
    {
        try
        {
            var secret = TextFile.Read(path).Trim();
            if (MirrorKey.IsWellFormed(secret))
            {
                return secret;
            }

            found.Error(entry.Value.Origin, $"keyfile: '{path}' holds no key; expected {MirrorKey.MinLength} to {MirrorKey.MaxLength} lower-case letters and digits");
        }
        catch (TextFileException broken)
        {
            found.Error(entry.Value.Origin, $"keyfile: '{path}': {broken.Message}");
        }

        return null;
    }
}
