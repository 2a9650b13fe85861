using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Registry.Storage.Layout;

/// <summary>
/// Files that get their names together, durably, in as few waits for the disk as there can be: all bytes are on their way before the first is waited for, and all names
/// are given before the first directory is synced. One owner, one commit; blocking.
/// </summary>
/// <remarks>Steps: <see cref="SyncBytes"/>, <see cref="GiveNames"/> (under whatever lock the names need), <see cref="SyncNames"/>; or <see cref="Commit"/>, which is all three.</remarks>
internal sealed class WriteBatch(Durability disk) : IDisposable
{
    private readonly List<(SafeFileHandle File, string From, string To)> _files = [];
    private readonly List<(SafeFileHandle File, string Path)> _own = [];
    private readonly HashSet<string> _parents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _places = new(StringComparer.Ordinal);

    /// <summary>Adds a small file, written aside under a name that distribution ignores.</summary>
    /// <param name="path">Its place; what is there is replaced.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="staging">The directory, on the same file system, where it is written; null: its own.</param>
    /// <param name="time">Its time of last change; null: now.</param>
    /// <exception cref="IOException">The disk refused; disposal removes what was written.</exception>
    public void Write(string path, ReadOnlySpan<byte> content, string? staging = null, DateTimeOffset? time = null)
    {
        staging ??= Path.GetDirectoryName(path)!;
        disk.MakeDirectory(staging, _parents);
        var aside = Path.Join(staging, $"{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp");
        var file = File.OpenHandle(aside, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _own.Add((file, aside));
        RandomAccess.Write(file, content, 0);
        if (time is { } known)
        {
            File.SetLastWriteTimeUtc(file, known.UtcDateTime);
        }

        _files.Add((file, aside, path));
    }

    /// <summary>Adds a file whose bytes are complete; it stays its owner's.</summary>
    public void Move(SafeFileHandle file, string from, string to) => _files.Add((file, from, to));

    /// <summary>Adds a name that is there already, but perhaps not yet on the disk: somebody else may be just about to sync it.</summary>
    public void Confirm(string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        disk.MakeDirectory(directory, _parents);
        _places.Add(directory);
    }

    /// <summary>Waits until all bytes are on the disk.</summary>
    public void SyncBytes()
    {
        foreach (var (file, _, _) in _files)
        {
            Durability.StartWriteBack(file, 0, 0);
        }

        foreach (var (file, _, _) in _files)
        {
            Durability.SyncBytes(file);
        }
    }

    /// <summary>Gives every file its name: now they can be seen. What can fail for want of space comes first.</summary>
    public void GiveNames()
    {
        foreach (var (_, _, to) in _files)
        {
            Confirm(to);
        }

        foreach (var (_, from, to) in _files)
        {
            File.Move(from, to, overwrite: true);
        }

        Close();
        _own.Clear();
    }

    /// <summary>Waits until all names are on the disk.</summary>
    public void SyncNames()
    {
        foreach (var place in _places.Where(place => !_parents.Contains(place)))
        {
            disk.SyncNames(place);
        }

        disk.SyncParents(_parents);
    }

    /// <summary>All of it.</summary>
    public void Commit()
    {
        SyncBytes();
        GiveNames();
        SyncNames();
    }

    /// <summary>Removes what has not got its name.</summary>
    public void Dispose()
    {
        Close();
        _own.ForEach(static own => File.Delete(own.Path));
    }

    private void Close() => _own.ForEach(static own => own.File.Dispose());
}
