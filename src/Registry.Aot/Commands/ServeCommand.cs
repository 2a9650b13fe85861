using System.CommandLine;
using Registry.Aot.Configuration;
using Registry.Aot.Serving;

namespace Registry.Aot.Commands;

/// <summary><c>registry serve</c>: runs the server until it is told to stop.</summary>
internal static class ServeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(IReadOnlyDictionary<string, string> environment)
    {
        var command = new Command("serve", "Serve the registry until the process is told to stop.");
        var arguments = new ConfigurationArguments(command, environment);
        command.SetAction(async (call, cancellationToken) =>
            arguments.Load(call) is { } settings
                ? await RegistryProcess.RunAsync(settings, () => ConfigurationLoader.Load(settings.File, environment), cancellationToken)
                : ExitCode.WrongCall);
        return command;
    }
}
