using System.CommandLine;
using Registry.Aot.Configuration;
using Registry.Aot.Configuration.Effective;

namespace Registry.Aot.Commands;

/// <summary><c>registry config</c>: looks at the configuration without serving.</summary>
internal static class ConfigCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(IReadOnlyDictionary<string, string> environment)
    {
        var command = new Command("config", "Look at the configuration.");
        command.Subcommands.Add(CreateCheck(environment));
        command.Subcommands.Add(CreateShow(environment));
        return command;
    }

    private static Command CreateCheck(IReadOnlyDictionary<string, string> environment)
    {
        var command = new Command("check", "Say whether the configuration is right.");
        var arguments = new ConfigurationArguments(command, environment);
        command.SetAction(call => Check(call, arguments));
        return command;
    }

    private static Command CreateShow(IReadOnlyDictionary<string, string> environment)
    {
        var command = new Command("show", "Print the configuration that is in force, secrets hidden, each value with where it came from; what is not printed is off.");
        var arguments = new ConfigurationArguments(command, environment);
        command.SetAction(call =>
        {
            if (arguments.Load(call) is not { } settings)
            {
                return ExitCode.WrongCall;
            }

            call.InvocationConfiguration.Output.Write(ConfigurationPrinter.Print(EffectiveConfiguration.Of(settings)));
            return ExitCode.Done;
        });
        return command;
    }

    private static int Check(ParseResult call, ConfigurationArguments arguments)
    {
        if (arguments.Load(call) is not { } settings)
        {
            return ExitCode.WrongCall;
        }

        foreach (var warning in settings.Warnings)
        {
            call.InvocationConfiguration.Error.WriteLine($"warning: {warning}");
        }

        call.InvocationConfiguration.Output.WriteLine(settings.File is { } file ? $"{file} is right." : "The built-in defaults are in force, and right.");
        return ExitCode.Done;
    }
}
