namespace Registry.Testing.Processes;

/// <summary>How a program ended and what it said.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The standard output of a program that must have succeeded, without the final line break.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message carries what it said.</exception>
    public string Succeeded() => ExitCode == 0
        ? Output.TrimEnd()
        : throw new InvalidOperationException($"Exit code {ExitCode}: {Error}{Output}");
}
