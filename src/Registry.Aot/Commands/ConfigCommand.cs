using System.CommandLine;
using Registry.Aot.Configuration;

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
        var command = new Command("show", "Print what is configured, secrets hidden, each value with where it was written; what is not printed has its default.");
        var arguments = new ConfigurationArguments(command, environment);
        command.SetAction(call =>
        {
            if (arguments.Load(call) is not { } settings)
            {
                return ExitCode.WrongCall;
            }

            call.InvocationConfiguration.Output.Write(ConfigurationPrinter.Print(settings.Effective));
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
