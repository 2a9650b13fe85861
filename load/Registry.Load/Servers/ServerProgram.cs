using System.Globalization;

namespace Registry.Load.Servers;

/// <summary>A program that serves, and how it is told its port and its data. Immutable.</summary>
/// <param name="Name">As it stands in the report.</param>
/// <param name="File">The executable.</param>
/// <param name="Arguments">Its arguments, given a port and a directory of its own.</param>
internal sealed record ServerProgram(string Name, string File, Func<int, string, string[]> Arguments)
{
    private const string Configuration = """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: DATA}, cache: {blobdescriptor: inmemory}}
        http: {addr: "127.0.0.1:PORT"}

        """;

    /// <summary>A registry that reads distribution's configuration.</summary>
    /// <param name="name">As it stands in the report.</param>
    /// <param name="file">The executable.</param>
    /// <param name="data">Its data directory; null: one of its own.</param>
    /// <param name="upstream">What it mirrors; null: nothing.</param>
    public static ServerProgram Registry(string name, string file, string? data = null, Uri? upstream = null) =>
        new(name, file, (port, directory) =>
        {
            var configuration = Configuration
                .Replace("DATA", data ?? Path.Join(directory, "data"), StringComparison.Ordinal)
                .Replace("PORT", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            if (upstream is not null)
            {
                configuration += $"proxy: {{remoteurl: \"{upstream.GetLeftPart(UriPartial.Authority)}\"}}\n";
            }

            var path = Path.Join(directory, "config.yml");
            System.IO.File.WriteAllText(path, configuration);
            return ["serve", path];
        });

    /// <summary>The hello-world server.</summary>
    public static ServerProgram Hello(string file) =>
        new("slim hello", file, (port, _) => ["--urls", $"http://127.0.0.1:{port}"]);
}
