using Registry.Aot.Configuration;

namespace Registry.Aot.Serving;

/// <summary>The three lines with which the server says what it does, where the data lies, and what to do on the client.</summary>
internal static class StartLines
{
    /// <summary>Words them.</summary>
    /// <param name="settings">What is in force.</param>
    /// <param name="address">Where the server listens, as a URL.</param>
    /// <param name="version">The program's version.</param>
    public static IEnumerable<string> Of(Settings settings, string address, string version)
    {
        // Clients cannot use the address that stands for all.
        var url = address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal);
        var upstreams = string.Join(", ", settings.Mirror.Upstreams.Select(upstream => upstream.Name));
        yield return upstreams.Length > 0
            ? $"registry {version} mirrors {upstreams} on {address}"
            : $"registry {version} serves local images on {address}";
        yield return $"data: {Path.GetFullPath(settings.Storage.RootDirectory)}";
        yield return settings.Mirror.Default == "docker.io"
            ? $$"""docker: put {"registry-mirrors": ["{{url}}"]} into /etc/docker/daemon.json, restart dockerd, and docker pull as ever"""
            : $"docker: docker pull {new Uri(url).Authority}/NAME";
    }
}
