using System.Globalization;
using Registry.Load.Scenarios;
using Registry.Load.Servers;

namespace Registry.Load;

/// <summary>The command line. Immutable.</summary>
/// <param name="Peers">The executables.</param>
/// <param name="Run">How long and how often.</param>
/// <param name="Scenarios">The names of those to run; none: all.</param>
/// <param name="Output">Where the reports go, without the ending of their names.</param>
internal sealed record LoadOptions(Peers Peers, RunOptions Run, IReadOnlyList<string> Scenarios, string Output)
{
    public const string Usage = "usage: Registry.Load REGISTRY DOCKER-REGISTRY NGINX HELLO OUTPUT [--smoke] [--full] [--soak MINUTES] [SCENARIO…]; load/run knows the first five";

    private static readonly TimeSpan DefaultSoak = TimeSpan.FromMinutes(5);

    /// <summary>A bound on everything, so that a server that hangs does not hold up a night.</summary>
    public TimeSpan Longest => Run.Soak + (Run.Smoke ? TimeSpan.FromMinutes(2) : Run.Full ? TimeSpan.FromHours(4) : TimeSpan.FromHours(1.5));

    /// <summary>The command as its user wrote it.</summary>
    public string Command { get; private init; } = "";

    /// <summary>Reads the arguments; null when they are wrong.</summary>
    public static LoadOptions? Parse(string[] arguments)
    {
        if (arguments is not [var registry, var dockerRegistry, var nginx, var hello, var output, .. var rest])
        {
            return null;
        }

        var (smoke, full, soak) = (false, false, DefaultSoak);
        var names = new List<string>();
        for (var i = 0; i < rest.Length; i++)
        {
            switch (rest[i])
            {
                case "--smoke":
                    (smoke, soak) = (true, TimeSpan.FromSeconds(1));
                    break;
                case "--full":
                    full = true;
                    break;
                case "--soak" when i + 1 < rest.Length && double.TryParse(rest[i + 1], CultureInfo.InvariantCulture, out var minutes) && minutes > 0:
                    soak = TimeSpan.FromMinutes(minutes);
                    i++;
                    break;
                case var option when option.StartsWith('-'):
                    return null;
                case var name:
                    names.Add(name);
                    break;
            }
        }

        return new LoadOptions(new Peers(registry, dockerRegistry, nginx, hello), new RunOptions(smoke, full, soak), names, output)
        {
            Command = string.Join(' ', (IEnumerable<string>)["load/run", .. rest]),
        };
    }
}
