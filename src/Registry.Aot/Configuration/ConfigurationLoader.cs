using Registry.Aot.Configuration.Binding;
using Registry.Aot.Configuration.Overrides;
using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration;

/// <summary>Makes settings from a file, or the built-in defaults, and the environment.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Loads a file; null: the built-in defaults.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; it holds all of it.</exception>
    public static Settings Load(string? file, IReadOnlyDictionary<string, string> environment) =>
        Load(file, file is null ? null : ReadFile(file), environment);

    /// <summary>Makes settings from the text of a file.</summary>
    /// <param name="file">The file's path, for messages; null: the built-in defaults.</param>
    /// <param name="text">What stands in it; null: the built-in defaults.</param>
    /// <param name="environment">Environment variables, of any names.</param>
    /// <exception cref="ConfigurationException">Something is wrong; it holds all of it.</exception>
    public static Settings Load(string? file, string? text, IReadOnlyDictionary<string, string> environment)
    {
        var found = new Diagnostics();
        var root = ReadRoot(file, text, found);
        root = new EnvironmentOverrides(found).Apply(root, environment);
        new SchemaCheck(found).Check(root);
        var settings = new SettingsBinder(found).Bind(root, file, text);
        return found.HasErrors ? throw new ConfigurationException(found) : settings with { Warnings = found.Warnings };
    }

    private static Node ReadRoot(string? file, string? text, Diagnostics found)
    {
        if (file is null || text is null)
        {
            return new MapNode(default, []);
        }

        try
        {
            return YamlReader.Read(text, (line, column) => new Origin(file, line, column));
        }
        catch (YamlSyntaxException broken)
        {
            found.Error(broken.Origin, broken.Message);
            throw new ConfigurationException(found);
        }
    }

    private static string ReadFile(string file)
    {
        try
        {
            return TextFile.Read(file);
        }
        catch (TextFileException broken)
        {
            var found = new Diagnostics();
            found.Error(new Origin(file, broken.Line, broken.Column), broken.Message);
            throw new ConfigurationException(found);
        }
    }
}
