using System.CommandLine;
using Registry.Aot.Configuration;

namespace Registry.Aot.Commands;

/// <summary>How every command is told its configuration: <c>-c FILE</c>, or the file as its last argument.</summary>
internal sealed class ConfigurationArguments
{
    private readonly IReadOnlyDictionary<string, string> _environment;

    private readonly Option<string?> _option = new("--config", "-c")
    {
        Description = "The configuration file.",
        HelpName = "FILE",
    };

    private readonly Argument<string?> _argument = new("CONFIG")
    {
        Description = "The configuration file, else $REGISTRY_CONFIGURATION_PATH, else /etc/docker/registry/config.yml, else built-in defaults.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="environment">The environment variables.</param>
    public ConfigurationArguments(Command command, IReadOnlyDictionary<string, string> environment)
    {
        _environment = environment;
        command.Options.Add(_option);
        command.Arguments.Add(_argument);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_option) is not null && result.GetValue(_argument) is not null)
            {
                result.AddError("The configuration file is named twice; expected --config or the argument.");
            }
        });
    }

    /// <summary>Loads what the call names; when that is wrong, says so on standard error and gives null.</summary>
    public Settings? Load(ParseResult call)
    {
        var file = ConfigurationLocation.Find(call.GetValue(_option) ?? call.GetValue(_argument), _environment, File.Exists);
        try
        {
            return ConfigurationLoader.Load(file, _environment);
        }
        catch (ConfigurationException wrong)
        {
            var error = call.InvocationConfiguration.Error;
            foreach (var warning in wrong.Warnings)
            {
                error.WriteLine($"warning: {warning}");
            }

            foreach (var found in wrong.Errors)
            {
                error.WriteLine(found);
            }

            return null;
        }
    }
}
