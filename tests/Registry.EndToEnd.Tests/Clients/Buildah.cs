using Registry.Testing;
using Registry.Testing.Processes;

namespace Registry.EndToEnd.Clients;

/// <summary>Debian's buildah: builds images from a directory, and lists of them.</summary>
internal sealed class Buildah(TemporaryDirectory directory)
{
    private readonly string[] _storage =
        ["--root", directory.Subdirectory("buildah-root"), "--runroot", directory.Subdirectory("buildah-runroot"), "--storage-driver", "vfs"];

    /// <summary>Builds an image of one file for each architecture, and a list of them all.</summary>
    /// <param name="list">The list's name; the images' follow from it.</param>
    /// <param name="architectures">The architectures, which nothing is run on.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public async Task BuildAsync(string list, string[] architectures, CancellationToken cancellationToken)
    {
        var context = directory.Subdirectory("context");
        await File.WriteAllTextAsync(Path.Join(context, "file"), "content", cancellationToken);
        await File.WriteAllTextAsync(Path.Join(context, "Dockerfile"), "FROM scratch\nCOPY file /file\n", cancellationToken);
        await RunAsync(cancellationToken, "manifest", "create", list);
        foreach (var architecture in architectures)
        {
            await RunAsync(cancellationToken, "bud", "--isolation", "chroot", "--platform", $"linux/{architecture}", "--quiet", "--tag", $"{list}-{architecture}", context);
            await RunAsync(cancellationToken, "manifest", "add", list, $"{list}-{architecture}");
        }
    }

    /// <summary>Runs a command, which must succeed, and gives its output.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["XDG_RUNTIME_DIR"] = directory.Subdirectory("buildah-run") };
        return (await Command.RunAsync("buildah", [.. _storage, .. arguments], cancellationToken, environment)).Succeeded();
    }
}
