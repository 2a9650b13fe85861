using System.Globalization;
using System.Text;
using Registry.Testing.Processes;

namespace Registry.Load.Servers;

/// <summary>A file of users with one in it, as both registries read it. Disposal removes it.</summary>
internal sealed class UsersFile : IDisposable
{
    public const string User = "load";

    private const string Password = "a password of usual length";
    private const string Script = """printf '%s\n' "$1" | "$2" user add "$3" --file "$4" --cost "$5" """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("registry-load-users-");

    private UsersFile()
    {
    }

    /// <summary>The right ones, as a value of <c>Authorization</c>.</summary>
    public static string Right => Credentials(Password);

    public string Path => System.IO.Path.Join(_directory.FullName, "htpasswd");

    /// <summary>The user's name with some password, as a value of <c>Authorization</c>.</summary>
    public static string Credentials(string password) => $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:{password}"))}";

    /// <summary>Makes one with our own command.</summary>
    /// <param name="registry">Our executable.</param>
    /// <param name="cost">Of bcrypt: one more takes twice as long.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<UsersFile> CreateAsync(string registry, int cost, CancellationToken cancellation)
    {
        var file = new UsersFile();
        try
        {
            var added = await Command.RunAsync("bash", ["-c", Script, "bash", Password, registry, User, file.Path, cost.ToString(CultureInfo.InvariantCulture)], cancellation);
            added.Succeeded();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
