using Microsoft.Win32.SafeHandles;

namespace Registry.Storage.Layout;

/// <summary>The ownership of a store: one process at a time. Released by disposal, and by the kernel when the process ends.</summary>
internal sealed class StoreLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private StoreLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock without waiting.</summary>
    /// <exception cref="StoreUnavailableException">Another process has it, or the directory cannot be written.</exception>
    public static StoreLock Take(StoreLayout layout)
    {
        try
        {
            Durability.CreateDirectory(Path.GetDirectoryName(layout.Lock)!);
            using (File.OpenHandle(layout.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
            {
                // Tells a directory that cannot be written from a lock that is held: both are IOException below.
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The data directory {layout.Root} cannot be written ({e.Message}). Give this user the right to write there, or set storage.filesystem.rootdirectory to another directory.", e);
        }

        try
        {
            // FileShare.None is an flock(2) on Unix.
            return new StoreLock(File.OpenHandle(layout.Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new StoreUnavailableException(
                $"The data directory {layout.Root} is in use by another registry. Stop that one, or set storage.filesystem.rootdirectory to another directory.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
