using Registry.Aot.Configuration.Tree;
using Registry.Server.Authentication;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>auth</c>, of which <c>htpasswd</c> is the kind that there is.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class AuthBinder(Diagnostics found)
{
    private const string DefaultRealm = "registry";

    /// <summary>Binds the section; null: clients do not log in.</summary>
    public PasswordOptions? Bind(SectionReader root)
    {
        var auth = root.Section("auth");
        MapEntry? htpasswd = null;
        foreach (var kind in auth.Entries)
        {
            if (kind.Name == "htpasswd")
            {
                htpasswd = kind;
            }
            else
            {
                found.Error(kind.Origin, $"auth.{kind.Name} is not supported by this version; expected auth.htpasswd");
            }
        }

        return htpasswd is null ? null : Bind(htpasswd, auth.Section("htpasswd"), root.Section("http").Text("secret"));
    }

    private PasswordOptions? Bind(MapEntry entry, SectionReader section, string? secret)
    {
        if (string.IsNullOrEmpty(section.Text("path")))
        {
            found.Error(entry.Origin, "auth.htpasswd.path is missing; expected the file of users, such as /auth/htpasswd");
            return null;
        }

        var realm = section.Text("realm") is { Length: > 0 } written ? written : DefaultRealm;
        if (realm.Any(static c => c is < ' ' or > '~' or '"' or '\\'))
        {
            found.Error(section.Entry("realm")!.Value.Origin, "auth.htpasswd.realm cannot stand in a header; expected printable ASCII characters without quotes and backslashes");
            return null;
        }

        return new PasswordOptions(realm, section.Text("path")!) { TokenSecret = string.IsNullOrEmpty(secret) ? null : secret };
    }
}
