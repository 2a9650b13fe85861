using Registry.Testing.Processes;

namespace Registry.EndToEnd.Servers;

/// <summary>A file system of a few megabytes in memory, mounted on a directory until it is disposed. Needs the right to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _directory;

    private SmallDisk(string directory) => _directory = directory;

    /// <summary>How many bytes are free.</summary>
    public long Free => new DriveInfo(_directory).AvailableFreeSpace;

    /// <summary>Mounts one.</summary>
    public static async Task<SmallDisk> MountAsync(string directory, string size, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        (await Command.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", directory], cancellationToken)).Succeeded();
        return new SmallDisk(directory);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() =>
        (await Command.RunAsync("umount", ["--lazy", _directory], CancellationToken.None)).Succeeded();
}
