using System.CommandLine;
using System.CommandLine.Invocation;

namespace Registry.Aot.Commands;

/// <summary>The program's command line.</summary>
internal static class CommandLine
{
    /// <summary>Runs a call and gives its exit code.</summary>
    /// <param name="args">The call.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="configuration">Where its output goes, and how it is stopped.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        IReadOnlyDictionary<string, string> environment,
        InvocationConfiguration configuration,
        CancellationToken cancellationToken)
    {
        var call = CreateRoot(environment).Parse(args);
        var exitCode = await call.InvokeAsync(configuration, cancellationToken);
        return call.Action is ParseErrorAction ? ExitCode.WrongCall : exitCode;
    }

    private static RootCommand CreateRoot(IReadOnlyDictionary<string, string> environment)
    {
        var root = new RootCommand("A container registry that mirrors other registries and keeps images of its own.");
        root.Options.OfType<VersionOption>().Single().Aliases.Add("-v");
        root.Subcommands.Add(ServeCommand.Create(environment));
        root.Subcommands.Add(ConfigCommand.Create(environment));
        root.Subcommands.Add(RepositoryCommand.Create(environment));
        root.Subcommands.Add(UserCommand.Create(environment));
        return root;
    }
}
