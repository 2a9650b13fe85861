using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Makes settings from checked nodes, and finds what contradicts itself.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class SettingsBinder(Diagnostics found)
{
    /// <summary>Binds a whole configuration.</summary>
    /// <param name="node">The configuration.</param>
    /// <param name="file">The file it came from; null: the built-in defaults, which differ from those of a file.</param>
    /// <param name="text">What stands in the file.</param>
    public Settings Bind(Node node, string? file, string? text)
    {
        var root = new SectionReader(RootSchema.Section, node);
        if (file is not null && node is MapNode or { IsNull: true } && root.Entry("version") is null)
        {
            found.Error(node.Origin, "version is missing; expected version: 0.1");
        }

        var mirror = new MirrorBinder(found).Bind(root, file is not null);
        var passwords = new AuthBinder(found).Bind(root);
        var server = new ServerBinder(found).Bind(root, file is not null) with
        {
            Passwords = passwords,
            Access = new AccessBinder(found).Bind(root, passwords is not null, mirror.Upstreams.Count > 0),
        };
        return new Settings
        {
            File = file,
            Text = text,
            Storage = new StorageBinder(found).Bind(root.Section("storage"), file is not null),
            Mirror = mirror,
            Server = server,
            Writes = new WriteBinder(found).Bind(root, server, mirror) with { Validation = new ValidationBinder(found).Bind(root.Section("validation")) },
            Log = LogBinder.Bind(root.Section("log")),
            Effective = node,
            Warnings = [],
        };
    }
}
