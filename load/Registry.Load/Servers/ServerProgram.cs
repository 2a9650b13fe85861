using System.Globalization;

namespace Registry.Load.Servers;

/// <summary>A program that serves, and how it is told its port and its data. Immutable.</summary>
/// <param name="Name">As it stands in the report.</param>
/// <param name="File">The executable.</param>
/// <param name="Arguments">Its arguments, given a port and a directory of its own.</param>
/// <param name="Certificate">What it shows; null: it speaks plain HTTP.</param>
/// <param name="Behind">A running server that it hands requests to, whose CPU time and memory are counted with its own.</param>
internal sealed record ServerProgram(
    string Name, string File, Func<int, string, string[]> Arguments, Certificate? Certificate = null, Server? Behind = null)
{
    private const string Configuration = """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: DATA}, cache: {blobdescriptor: inmemory}}
        http: {addr: "127.0.0.1:PORT"TLS}

        """;

    /// <summary>A registry that reads distribution's configuration.</summary>
    /// <param name="name">As it stands in the report.</param>
    /// <param name="file">The executable.</param>
    /// <param name="data">Its data directory; null: one of its own.</param>
    /// <param name="upstream">What it mirrors; null: nothing.</param>
    /// <param name="certificate">What it shows; null: it speaks plain HTTP.</param>
    /// <param name="users">Whom it lets in; null: everybody.</param>
    public static ServerProgram Registry(
        string name, string file, string? data = null, Uri? upstream = null, Certificate? certificate = null, UsersFile? users = null) =>
        new(
            name,
            file,
            (port, directory) =>
            {
                var configuration = Configuration
                    .Replace("DATA", data ?? Path.Join(directory, "data"), StringComparison.Ordinal)
                    .Replace("PORT", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                    .Replace("TLS", certificate is null ? "" : $", tls: {{certificate: {certificate.CertificateFile}, key: {certificate.KeyFile}}}", StringComparison.Ordinal);
                var proxy = upstream is null ? "" : $"proxy: {{remoteurl: \"{upstream.GetLeftPart(UriPartial.Authority)}\"}}\n";
                var auth = users is null ? "" : $"auth: {{htpasswd: {{realm: load, path: {users.Path}}}}}\n";
                return ["serve", Write(directory, "config.yml", configuration + proxy + auth)];
            },
            certificate);

    /// <summary>nginx, one worker for each core.</summary>
    /// <param name="name">As it stands in the report.</param>
    /// <param name="file">The executable.</param>
    /// <param name="locations">The <c>location</c> blocks of its one server.</param>
    /// <param name="certificate">What it shows; null: it speaks plain HTTP.</param>
    /// <param name="behind">The server that <paramref name="locations"/> hands requests to.</param>
    public static ServerProgram Nginx(string name, string file, string locations, Certificate? certificate = null, Server? behind = null) =>
        new(
            name,
            file,
            (port, directory) => ["-p", directory, "-e", "stderr", "-c", Write(directory, "nginx.conf", NginxConfiguration.Of(port, locations, certificate))],
            certificate,
            behind);

    /// <summary>The hello-world server.</summary>
    public static ServerProgram Hello(string file) =>
        new(Names.Hello, file, (port, _) => ["--urls", $"http://127.0.0.1:{port}"]);

    private static string Write(string directory, string name, string text)
    {
        var path = Path.Join(directory, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
