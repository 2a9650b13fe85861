using Registry.Aot.Configuration.Tree;
using Registry.Mirror.Upstreams;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>username</c>, <c>password</c> and <c>passwordfile</c>, wherever they stand together.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class CredentialBinder(Diagnostics found)
{
    /// <summary>Binds the keys of a section that has <c>passwordfile</c>; null: none is written, or they are wrong.</summary>
    public UpstreamCredential? Bind(SectionReader section)
    {
        var password = section.Entry("password");
        var file = section.Entry("passwordfile");
        if (password is not null && file is not null)
        {
            found.Error(file.Origin, $"passwordfile stands beside password at {password.Origin}; expected one of them");
            return null;
        }

        return Bind(section, password ?? file, file is null ? section.Text("password") : ReadFile(file, section.Text("passwordfile")));
    }

    /// <summary>Binds the keys of <c>proxy</c>, which has no <c>passwordfile</c>.</summary>
    public UpstreamCredential? BindProxy(SectionReader proxy) => Bind(proxy, proxy.Entry("password"), proxy.Text("password"));

    private UpstreamCredential? Bind(SectionReader section, MapEntry? written, string? password)
    {
        var username = section.Entry("username");
        if (username is null && written is not null)
        {
            found.Error(written.Origin, $"{written.Name} stands without username; expected both or neither");
        }
        else if (username is not null && written is null)
        {
            found.Error(username.Origin, "username stands without a password; expected both or neither");
        }

        return section.Text("username") is { } name && password is not null ? new UpstreamCredential(name, password) : null;
    }

    private string? ReadFile(MapEntry entry, string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            var password = TextFile.Read(path).TrimEnd('\r', '\n');
            if (password.Length > 0)
            {
                return password;
            }

            found.Error(entry.Value.Origin, $"passwordfile: '{path}' is empty; expected a password in it");
        }
        catch (TextFileException broken)
        {
            found.Error(entry.Value.Origin, $"passwordfile: '{path}': {broken.Message}");
        }

        return null;
    }
}
