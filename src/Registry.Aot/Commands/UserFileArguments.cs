using System.CommandLine;
using System.Text;
using Registry.Aot.Configuration;
using Registry.Storage.Layout;

namespace Registry.Aot.Commands;

/// <summary>Which htpasswd file a command means, <c>--file</c> or the configuration's, and how it reads and replaces that.</summary>
internal sealed class UserFileArguments
{
    // As much as a server of another user in the same group needs.
    private const UnixFileMode NewFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly Option<string?> _file = new("--file", "-f")
    {
        Description = "The file to edit, else the one under auth.htpasswd.path of the configuration.",
        HelpName = "HTPASSWD",
    };

    private readonly ConfigurationArguments _configuration;

    /// <summary>Adds them to a command.</summary>
    public UserFileArguments(Command command, IReadOnlyDictionary<string, string> environment)
    {
        command.Options.Add(_file);
        _configuration = new ConfigurationArguments(command, environment);
    }

    /// <summary>Reads the file and gives what <paramref name="use"/> makes of it.</summary>
    public int Read(ParseResult call, Func<string, int> use) => Run(call, path => use(TextFile.Read(path)));

    /// <summary>Puts what <paramref name="edit"/> makes of the file in its place; nobody else edits it meanwhile.</summary>
    public int Edit(ParseResult call, Func<string, string> edit) => Run(call, path =>
    {
        // The lock lies beside the file: that itself is another one after each edit.
        using var held = new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        var text = File.Exists(path) ? TextFile.Read(path) : "";
        FileReplacement.Write(path, Encoding.UTF8.GetBytes(edit(text)), NewFileMode);
        return ExitCode.Done;
    });

    private int Run(ParseResult call, Func<string, int> use)
    {
        var error = call.InvocationConfiguration.Error;
        var path = call.GetValue(_file);
        if (path is null)
        {
            if (_configuration.Load(call) is not { } settings)
            {
                return ExitCode.WrongCall;
            }

            path = settings.Server.Passwords?.Path;
        }

        if (path is null)
        {
            error.WriteLine("The configuration has no auth.htpasswd.path; expected it, or --file.");
            return ExitCode.WrongCall;
        }

        try
        {
            return use(path);
        }
        catch (InvalidOperationException e)
        {
            error.WriteLine(e.Message);
            return ExitCode.FoundWrong;
        }
        catch (Exception e) when (e is FormatException or TextFileException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{path}: {e.Message}");
            return ExitCode.WrongCall;
        }
    }
}
