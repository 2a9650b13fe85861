using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Registry.Storage.Layout;

/// <summary>
/// The file operations whose order makes content durable: bytes are on the disk before the name that shows them, and the name before anyone is told.
/// Thread-safe; blocking.
/// </summary>
/// <remarks>
/// That a directory is there does not say that its name would survive a power cut: whoever made it may still be syncing it, or was killed before. So only what was
/// synced by this process counts, and everything else is synced again up to the root; where there is nothing to write that costs next to nothing.
/// </remarks>
internal sealed partial class Durability
{
    /// <summary>Most directories remembered as durable, some 200 KB; beyond it the memory is emptied and filled again by use.</summary>
    private const int MaxDurable = 1024;

    private const int Interrupted = 4; // EINTR
    private const uint StartWriting = 2; // SYNC_FILE_RANGE_WRITE

    private readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);
    private readonly SyncGate _gate = new(SyncDirectory);
    private readonly string _root;

    /// <summary>For everything below a directory, which is durable itself once it is there.</summary>
    public Durability(string root) => _root = Path.TrimEndingDirectorySeparator(root);

    /// <summary>
    /// Puts a small file in place whole: written beside under a name that distribution ignores, synced, renamed over what was there.
    /// </summary>
    /// <exception cref="IOException">The disk refused; nothing is left behind.</exception>
    public void WriteFile(string path, ReadOnlySpan<byte> content)
    {
        using var batch = new WriteBatch(this);
        batch.Write(path, content);
        batch.Commit();
    }

    /// <summary>Moves a file whose bytes are complete to its place; on return both the bytes and the name survive a power cut.</summary>
    public void MoveIntoPlace(SafeFileHandle file, string from, string to)
    {
        using var batch = new WriteBatch(this);
        batch.Move(file, from, to);
        batch.Commit();
    }

    /// <summary>Makes a directory and those above it, each name synced in its parent.</summary>
    public void CreateDirectory(string path)
    {
        var parents = new HashSet<string>(StringComparer.Ordinal);
        MakeDirectory(path, parents);
        SyncParents(parents);
    }

    /// <summary>Makes a directory and those above it.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="parents">Gets the directories that are to be synced for its name to be durable.</param>
    public void MakeDirectory(string path, ISet<string> parents)
    {
        // In this order: what is there and durable after that is what was made durable, not what was removed before.
        var exists = Directory.Exists(path);
        if ((exists && (!IsBelowRoot(path) || _durable.ContainsKey(path))) || Path.GetDirectoryName(path) is not { } parent)
        {
            return;
        }

        MakeDirectory(parent, parents);
        if (!exists)
        {
            _durable.TryRemove(path, out _);
            Directory.CreateDirectory(path);
        }

        parents.Add(parent);
    }

    /// <summary>Syncs the names in a directory, together with whoever wants the same at the same time.</summary>
    public void SyncNames(string directory) => _gate.Sync(directory);

    /// <summary>Syncs what <see cref="MakeDirectory"/> has collected, all of it: then every one of them is durable.</summary>
    public void SyncParents(IReadOnlyCollection<string> parents)
    {
        foreach (var parent in parents)
        {
            SyncNames(parent);
        }

        if (_durable.Count + parents.Count > MaxDurable)
        {
            _durable.Clear();
        }

        foreach (var parent in parents.Where(IsBelowRoot))
        {
            _durable.TryAdd(parent, true);
        }
    }

    /// <summary>Makes a file's bytes, and its length, survive a power cut. Its times may not.</summary>
    public static void SyncBytes(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (SyncData(file) != 0)
        {
            ThrowUnlessInterrupted("sync a file");
        }
    }

    /// <summary>
    /// Lets the disk begin with bytes that were written, so that there is less to wait for at <see cref="SyncBytes"/>. Promises nothing, and reports nothing: what fails
    /// is told there.
    /// </summary>
    public static void StartWriteBack(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncRange(file, offset, length, StartWriting);
        }
    }

    private bool IsBelowRoot(string path) => path.Length > _root.Length && path[_root.Length] == '/' && path.StartsWith(_root, StringComparison.Ordinal);

    private static void SyncDirectory(string path)
    {
        using var directory = OpenDirectory(path);
        while (SyncDescriptor(directory) != 0)
        {
            ThrowUnlessInterrupted($"sync the directory {path}");
        }
    }

    private static SafeFileHandle OpenDirectory(string path)
    {
        // O_DIRECTORY | O_CLOEXEC; the former differs between Linux's architectures.
        var flags = (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000) | 0x80000;
        int descriptor;
        while ((descriptor = Open(path, flags)) < 0)
        {
            ThrowUnlessInterrupted($"open the directory {path}");
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    // The number of the error goes where .NET has it, so that a full disk is known for one.
    private static void ThrowUnlessInterrupted(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw new IOException($"Cannot {what}: {Marshal.GetPInvokeErrorMessage(error)}.", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncDescriptor(SafeFileHandle descriptor);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncRange(SafeFileHandle file, long offset, long length, uint flags);
}
