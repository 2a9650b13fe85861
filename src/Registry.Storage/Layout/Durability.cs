using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Registry.Storage.Layout;

/// <summary>
/// The file operations whose order makes content durable: bytes are on the disk before the name that shows them, and the name before anyone is told.
/// Thread-safe; blocking.
/// </summary>
internal static partial class Durability
{
    private const int ReadOnlyDirectory = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC, as Linux has them on x86-64; arm64 differs, see OpenDirectory

    /// <summary>
    /// Puts a small file in place whole: written beside under a name that distribution ignores, synced, renamed over what was there.
    /// </summary>
    /// <exception cref="IOException">The disk refused; nothing is left behind.</exception>
    public static void WriteFile(string path, ReadOnlySpan<byte> content)
    {
        var directory = Path.GetDirectoryName(path)!;
        CreateDirectory(directory);
        var beside = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp";
        try
        {
            using (var file = File.OpenHandle(beside, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            {
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }

        SyncDirectory(directory);
    }

    /// <summary>Moves a file whose bytes are complete to its place; on return both the bytes and the name survive a power cut.</summary>
    public static void MoveIntoPlace(SafeFileHandle file, string from, string to)
    {
        RandomAccess.FlushToDisk(file);
        var directory = Path.GetDirectoryName(to)!;
        CreateDirectory(directory);
        File.Move(from, to, overwrite: true);
        SyncDirectory(directory);
    }

    /// <summary>Makes a directory and those above it, each name synced in its parent.</summary>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path);
        if (parent is not null)
        {
            CreateDirectory(parent);
            Directory.CreateDirectory(path);
            SyncDirectory(parent);
        }
    }

    /// <summary>Syncs the names of a directory and of those above it, up to one that is durable already.</summary>
    public static void SyncNames(string path, string durable)
    {
        while (path != durable && Path.GetDirectoryName(path) is { } parent)
        {
            SyncDirectory(parent);
            path = parent;
        }
    }

    /// <summary>Makes the names in a directory survive a power cut as they are now, those that are gone included.</summary>
    public static void SyncDirectory(string path)
    {
        using var directory = OpenDirectory(path);
        if (SyncDescriptor(directory) != 0)
        {
            throw new IOException($"Cannot sync the directory {path}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    private static SafeFileHandle OpenDirectory(string path)
    {
        // O_DIRECTORY is 0x4000 on arm64.
        var flags = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 | 0x80000 : ReadOnlyDirectory;
        var descriptor = Open(path, flags);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException($"Cannot open the directory {path}: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncDescriptor(SafeFileHandle descriptor);
}
