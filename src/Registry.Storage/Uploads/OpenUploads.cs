using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Uploads;

/// <summary>The sessions with an open file and a hash in memory, opened from the disk when they are asked for. Thread-safe; blocking.</summary>
internal sealed class OpenUploads(StoreLayout layout, TimeProvider time) : IDisposable
{
    /// <summary>Beside distribution's files of a session, which it leaves alone: so a session stays its user's when the process ends.</summary>
    public const string OwnerFile = "owner";

    private const int MaxOwner = 1024;

    /// <summary>Most sessions with an open file and a hash in memory; those used longest ago are closed, and opened again when they are asked for.</summary>
    private const int MaxOpen = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<UploadId, UploadSession> _open = [];

    /// <summary>A session of a repository, opened if it was not; null when there is none, or it is somebody else's.</summary>
    public UploadSession? Find(RepositoryName repository, UploadId id, string? user) =>
        Find(repository, id) is { } session && (session.Owner is null || session.Owner == user) ? session : null;

    /// <summary>Opens a session's file; <paramref name="isEntered"/>: with the turn taken for the caller.</summary>
    /// <exception cref="TooManyUploadsException">There are too many in use.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public UploadSession Open(RepositoryName repository, UploadId id, string directory, FileMode mode, DigestAlgorithm algorithm, bool isEntered)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(id, out var opened))
            {
                return opened;
            }

            if (_open.Count >= MaxOpen)
            {
                CloseOldest();
            }

            var file = File.OpenHandle(Path.Join(directory, "data"), mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var owner = SmallFile.ReadText(Path.Join(directory, OwnerFile), MaxOwner);
            var session = new UploadSession(id, repository, owner, directory, file, algorithm, time) { LastUse = time.GetTimestamp() };
            if (isEntered)
            {
                session.Turn.TryTake();
            }

            _open.Add(id, session);
            return session;
        }
    }

    /// <summary>Whether nobody is in the session: then it is not open any more.</summary>
    public bool TryClose(UploadId id)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(id, out var session))
            {
                return true;
            }

            if (!session.Turn.TryTake())
            {
                return false;
            }

            session.Close();
            session.Exit();
            _open.Remove(id);
            return true;
        }
    }

    /// <summary>Drops a session that is over.</summary>
    public void Forget(UploadSession session)
    {
        lock (_gate)
        {
            _open.Remove(session.Id);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var session in _open.Values)
            {
                session.Dispose();
            }

            _open.Clear();
        }
    }

    private UploadSession? Find(RepositoryName repository, UploadId id)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(id, out var session))
            {
                session.LastUse = time.GetTimestamp();
                return session.Repository == repository && !session.IsOver ? session : null;
            }
        }

        try
        {
            return Open(repository, id, layout.Upload(repository, id), FileMode.Open, DigestAlgorithm.Sha256, isEntered: false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // Under the lock.
    private void CloseOldest()
    {
        foreach (var session in _open.Values.OrderBy(static session => session.LastUse))
        {
            if (TryClose(session.Id))
            {
                return;
            }
        }

        throw new TooManyUploadsException(MaxOpen);
    }
}
