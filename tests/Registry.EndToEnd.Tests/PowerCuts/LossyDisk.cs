namespace Registry.EndToEnd.PowerCuts;

/// <summary>
/// A disk as POSIX promises it and no better: bytes survive a power cut once their file was synced, names once their directory was. Fed with system calls, it can tell at
/// any moment what would be left.
/// </summary>
/// <remarks>
/// What a sync covers is what was over before the sync began. Syncing a file does not sync its name, nor does syncing a directory sync those above it.
/// </remarks>
internal sealed class LossyDisk(string root)
{
    private readonly DiskDirectory _root = new();
    private readonly Dictionary<string, (DiskNode Node, long Until)> _syncs = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>Whether the call changes names or bytes below the root, or makes them durable.</summary>
    /// <exception cref="NotSupportedException">It does so in a way that is not known here.</exception>
    public bool Apply(TracedCall call)
    {
        if (call.Name is "fsync" or "fdatasync")
        {
            return Sync(call);
        }

        if (!call.HasSucceeded)
        {
            return false;
        }

        switch (call.Name)
        {
            case "open" or "openat" or "creat" when IsBelow(call.Path(0)):
                return Open(call.Path(0), call.Words);
            case "pwrite64" or "pwritev" when FileOf(call.Open) is { } file:
                file.Change(new FileChange(++_clock, call.NumberFromEnd(0), call.Bytes[..(int)call.Result]));
                return true;
            case "ftruncate" when FileOf(call.Open) is { } file:
                file.Change(new FileChange(++_clock, call.NumberFromEnd(0), null));
                return true;
            case "mkdir" or "mkdirat" when IsBelow(call.Path(0)):
                DirectoryAt(call.Path(0));
                return true;
            case "rename" or "renameat" when IsBelow(call.Path(0)):
                Rename(call.Path(0), call.Path(1));
                return true;
            case "unlink" or "unlinkat" or "rmdir" when IsBelow(call.Path(0)):
                var (directory, name) = Split(call.Path(0));
                DiskDirectory.Change(new NameChange(++_clock, (directory, name, null)));
                return true;
            case "sendto" or "sendmsg" or "recvfrom" or "recvmsg":
                return false;
            default:
                var touches = call.Open is { } open && IsBelow(open) || call.Strings.Count > 0 && IsBelow(System.Text.Encoding.UTF8.GetString(call.Strings[0]));
                return touches ? throw new NotSupportedException($"{call.Name} is not simulated.") : false;
        }
    }

    /// <summary>What a power cut leaves: the paths below the root with their bytes; a directory has none, and comes before what is in it.</summary>
    public Dictionary<string, byte[]?> After(PowerCut cut)
    {
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        Add(files, _root, "", cut);
        return files;
    }

    private static void Add(Dictionary<string, byte[]?> files, DiskDirectory directory, string prefix, PowerCut cut)
    {
        foreach (var (name, node) in directory.After(cut))
        {
            var path = prefix + name;
            files.Add(path, (node as DiskFile)?.After(cut));
            if (node is DiskDirectory below)
            {
                Add(files, below, $"{path}/", cut);
            }
        }
    }

    private bool Sync(TracedCall call)
    {
        if (!call.IsOver)
        {
            if (call.Open is { } open && Find(open) is { } node)
            {
                _syncs[call.Thread] = (node, _clock);
            }

            return false;
        }

        if (!_syncs.Remove(call.Thread, out var sync) || call.Result != 0)
        {
            return false;
        }

        (sync.Node as DiskFile)?.Sync(sync.Until);
        (sync.Node as DiskDirectory)?.Sync(sync.Until);
        return true;
    }

    private bool Open(string path, IReadOnlyList<string> words)
    {
        var flags = words.First(static word => word.StartsWith("O_", StringComparison.Ordinal)).Split('|');
        var (directory, name) = Split(path);
        var file = directory.Find(name) as DiskFile;
        if (file is null && flags.Contains("O_CREAT"))
        {
            DiskDirectory.Change(new NameChange(++_clock, (directory, name, file = new DiskFile())));
            return true;
        }

        if (file is null || !flags.Contains("O_TRUNC"))
        {
            return false;
        }

        file.Change(new FileChange(++_clock, 0, null));
        return true;
    }

    private void Rename(string from, string to)
    {
        var (fromDirectory, fromName) = Split(from);
        var (toDirectory, toName) = Split(to);
        var node = fromDirectory.Find(fromName) ?? throw new InvalidDataException($"{from} is not there to be renamed.");
        DiskDirectory.Change(new NameChange(++_clock, (fromDirectory, fromName, null), (toDirectory, toName, node)));
    }

    private bool IsBelow(string path) => path.StartsWith(root, StringComparison.Ordinal) && path.Length > root.Length && path[root.Length] == '/';

    private DiskFile? FileOf(string? path) => path is not null && IsBelow(path) ? (DiskFile)(Find(path) ?? throw new InvalidDataException($"{path} is not known.")) : null;

    private DiskNode? Find(string path)
    {
        if (path == root)
        {
            return _root;
        }

        DiskNode? node = IsBelow(path) ? _root : null;
        foreach (var name in node is null ? [] : path[(root.Length + 1)..].Split('/'))
        {
            node = (node as DiskDirectory)?.Find(name);
        }

        return node;
    }

    private (DiskDirectory Directory, string Name) Split(string path) =>
        (DirectoryAt(Path.GetDirectoryName(path)!), Path.GetFileName(path));

    // Makes what is missing: another thread may already use a directory whose maker has not yet been heard of again.
    private DiskDirectory DirectoryAt(string path)
    {
        if (path == root)
        {
            return _root;
        }

        var (parent, name) = Split(path);
        if (parent.Find(name) is DiskDirectory there)
        {
            return there;
        }

        var made = new DiskDirectory();
        DiskDirectory.Change(new NameChange(++_clock, (parent, name, made)));
        return made;
    }
}
