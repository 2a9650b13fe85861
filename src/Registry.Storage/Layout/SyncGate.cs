namespace Registry.Storage.Layout;

/// <summary>
/// Lets those who need the same directory synced at the same time share a sync: one runs, and all who come meanwhile share the next, since only a sync that begins after
/// their change covers it. Thread-safe; blocking. Holds one entry for each directory that somebody waits for.
/// </summary>
internal sealed class SyncGate(Action<string> sync)
{
    private readonly Dictionary<string, Directory> _directories = new(StringComparer.Ordinal);

    /// <summary>Returns when a sync that began after this call has ended.</summary>
    /// <exception cref="IOException">That sync failed.</exception>
    public void Sync(string path)
    {
        Directory directory;
        lock (_directories)
        {
            if (!_directories.TryGetValue(path, out directory!))
            {
                _directories.Add(path, directory = new Directory());
            }

            directory.Users++;
        }

        try
        {
            Share(path, directory);
        }
        finally
        {
            lock (_directories)
            {
                if (--directory.Users == 0)
                {
                    _directories.Remove(path);
                }
            }
        }
    }

    private void Share(string path, Directory directory)
    {
        long wanted;
        lock (directory)
        {
            wanted = directory.Begun + 1;
            while (directory.IsRunning)
            {
                if (directory.Ended >= wanted)
                {
                    break;
                }

                Monitor.Wait(directory);
            }

            if (directory.Ended >= wanted)
            {
                directory.ThrowIfFailed(wanted);
                return;
            }

            directory.Begun++;
        }

        IOException? failure = null;
        try
        {
            sync(path);
        }
        catch (IOException e)
        {
            failure = e;
            throw;
        }
        finally
        {
            lock (directory)
            {
                directory.End(failure);
                Monitor.PulseAll(directory);
            }
        }
    }

    private sealed class Directory
    {
        public int Users { get; set; }

        public long Begun { get; set; }

        public long Ended { get; private set; }

        public bool IsRunning => Begun > Ended;

        private IOException? Failure { get; set; }

        private long Failed { get; set; }

        public void End(IOException? failure)
        {
            Ended = Begun;
            (Failure, Failed) = failure is null ? (Failure, Failed) : (failure, Begun);
        }

        // A later sync says nothing of an earlier one that failed: the kernel tells of an error once.
        public void ThrowIfFailed(long wanted)
        {
            if (Failed >= wanted)
            {
                throw new IOException(Failure!.Message, Failure) { HResult = Failure.HResult };
            }
        }
    }
}
