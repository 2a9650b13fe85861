using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration.Overrides;

/// <summary>distribution's rule: <c>REGISTRY_</c> and a path in capitals, joined by <c>_</c>, overrides what the file says there; the value is YAML.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class EnvironmentOverrides(Diagnostics found)
{
    /// <summary>What names of variables begin with.</summary>
    public const string Prefix = "REGISTRY_";

    /// <summary>Names the file, so it is no part of the configuration.</summary>
    public const string PathVariable = "REGISTRY_CONFIGURATION_PATH";

    /// <summary>Gives <paramref name="root"/> with every variable merged in. Variables that mean nothing here are warned of: orchestrators make such names.</summary>
    public Node Apply(Node root, IReadOnlyDictionary<string, string> environment)
    {
        var variables = environment
            .Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal) && pair.Key != PathVariable)
            .Select(pair => new Variable(pair.Key, pair.Value))
            .Order(new VariableOrder());
        foreach (var variable in variables)
        {
            root = Apply(root, variable);
        }

        return root;
    }

    private Node Apply(Node root, Variable variable)
    {
        var origin = new Origin(variable.Name);
        if (variable.Parts is ["version"])
        {
            found.Warn(origin, "the version is the file's own; ignored");
            return root;
        }

        try
        {
            var merge = new Merge(variable, ReadValue(variable, origin));
            if (merge.Place(root, RootSchema.Section, depth: 0) is { } merged)
            {
                return merged;
            }

            found.Warn(origin, $"no key of the configuration has this variable; ignored{merge.Hint}");
        }
        catch (YamlSyntaxException broken)
        {
            found.Error(origin, broken.Message);
        }

        return root;
    }

    private static Node ReadValue(Variable variable, Origin origin)
    {
        try
        {
            return YamlReader.Read(variable.Value, (_, _) => origin);
        }
        catch (YamlSyntaxException broken)
        {
            // The parser's own words may quote the value, which may be a password.
            throw new YamlSyntaxException(origin, "the value is not valid YAML; expected a value, in quotes if it holds YAML's special characters", broken);
        }
    }
}
