using Microsoft.Win32.SafeHandles;

namespace Registry.Storage.Layout;

/// <summary>The ownership of a store: one process at a time. Released by disposal, and by the kernel when the process ends.</summary>
internal sealed class StoreLock : IDisposable
{
    // EWOULDBLOCK on Linux, which is what the runtime gives as HResult when another has the flock.
    private const int WouldBlock = 11;

    private readonly SafeFileHandle _file;

    private StoreLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock without waiting.</summary>
    /// <exception cref="StoreUnavailableException">Another process has it, or the directory cannot be written.</exception>
    public static StoreLock Take(StoreLayout layout, Durability disk)
    {
        try
        {
            disk.CreateDirectory(Path.GetDirectoryName(layout.Lock)!);

            // FileShare.None is an flock(2) on Unix.
            return new StoreLock(File.OpenHandle(layout.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new StoreUnavailableException(
                $"The data directory {layout.Root} is in use by another registry. Stop that one, or set storage.filesystem.rootdirectory to another directory.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The data directory {layout.Root} cannot be written ({e.Message}). Give this user the right to write there, or set storage.filesystem.rootdirectory to another directory.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
