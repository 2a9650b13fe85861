using System.Globalization;
using System.Text;
using Registry.Storage.Blobs;
using Registry.Storage.Content;
using Registry.Storage.Layout;
using Registry.Storage.Repositories;

namespace Registry.Storage.Uploads;

/// <summary>The pushes under way, in distribution's place (<c>_uploads</c>), so that they outlive the process. Thread-safe; blocking.</summary>
public sealed class UploadStore : IDisposable
{
    private readonly OpenUploads _open;
    private readonly StoreLayout _layout;
    private readonly Durability _disk;
    private readonly BlobStore _blobs;
    private readonly LayerStore _layers;
    private readonly TimeProvider _time;

    internal UploadStore(StoreLayout layout, Durability disk, BlobStore blobs, LayerStore layers, TimeProvider time)
    {
        _disk = disk;
        _blobs = blobs;
        _layers = layers;
        _layout = layout;
        _time = time;
        _open = new OpenUploads(layout, time);
    }

    /// <summary>Begins a session, which the caller has entered then.</summary>
    /// <param name="repository">The repository that it belongs to.</param>
    /// <param name="algorithm">The algorithm of the digest that is expected at its end; another costs hashing again.</param>
    /// <param name="owner">The user who alone may go on with it; null: who knows its name.</param>
    /// <returns>The session, to be left with <see cref="UploadSession.Exit"/>.</returns>
    /// <exception cref="TooManyUploadsException">There are too many in use.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public UploadSession Begin(RepositoryName repository, DigestAlgorithm algorithm, string? owner = null)
    {
        var id = UploadId.Create();
        var directory = _layout.Upload(repository, id);
        try
        {
            // Not synced: an upload need not outlive a power cut.
            Directory.CreateDirectory(directory);
            var started = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            using (var file = File.OpenHandle(Path.Join(directory, "startedat"), FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(file, Encoding.ASCII.GetBytes(started), 0);
            }

            if (owner is not null)
            {
                using var file = File.OpenHandle(Path.Join(directory, OpenUploads.OwnerFile), FileMode.Create, FileAccess.Write);
                RandomAccess.Write(file, Encoding.UTF8.GetBytes(owner), 0);
            }

            return _open.Open(repository, id, directory, FileMode.CreateNew, algorithm, isEntered: true);
        }
        catch
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }

            throw;
        }
    }

    /// <summary>
    /// Waits for one's turn in a session of a repository; null when there is none of that name, or it ended in the meantime. Takes over from who has made no progress for
    /// <see cref="UploadTurn.StallTime"/>, once that one has left.
    /// </summary>
    /// <returns>The session, to be left with <see cref="UploadSession.Exit"/>.</returns>
    public Task<UploadSession?> EnterAsync(RepositoryName repository, UploadId id, string? user, CancellationToken cancellation) =>
        EnterAsync(repository, id, user, session => session.Turn.TakeAsync(cancellation));

    /// <summary>
    /// How many bytes a session of a repository holds; null when there is none of that name. Somebody who writes to it, and keeps on, is waited for no longer than
    /// <see cref="UploadTurn.SettleTime"/>.
    /// </summary>
    public async Task<long?> LengthAsync(RepositoryName repository, UploadId id, string? user, CancellationToken cancellation)
    {
        while (_open.Find(repository, id, user) is { } session)
        {
            var isSettled = await session.Turn.TrySettleAsync(cancellation);
            var length = session.Length;
            var isClosed = session.IsClosed;
            if (isSettled)
            {
                session.Exit();
            }

            if (!isClosed)
            {
                return length;
            }
        }

        return null;
    }

    /// <summary>Ends a session of a repository and gives its space back, whoever writes to it.</summary>
    /// <returns>Whether there was one, and it did not come to its end before.</returns>
    public async Task<bool> CancelAsync(RepositoryName repository, UploadId id, string? user)
    {
        if (await EnterAsync(repository, id, user, static session => session.Turn.TakeLastAsync()) is not { } session)
        {
            return false;
        }

        try
        {
            Cancel(session);
            return true;
        }
        finally
        {
            session.Exit();
        }
    }

    /// <summary>
    /// Makes a session's bytes the blob of a digest that <see cref="UploadSession.Matches"/> has confirmed, and says that the session's repository has it; durably, in two
    /// waits for the disk: for the bytes and for the names. Ends the session. To be called by who has entered it. The repository's kind is decided before.
    /// </summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Commit(UploadSession session, Digest digest)
    {
        using var batch = new WriteBatch(_disk);
        session.Stage(batch, _layout.Blob(digest));
        _layers.Stage(batch, session.Repository, digest, digest);
        batch.SyncBytes();
        _layers.Show(batch, session.Repository, digest, digest);
        _blobs.Forget(digest);
        batch.SyncNames();
        session.End();
        _open.Forget(session);
    }

    /// <summary>Ends a session and gives its space back. To be called by who has entered the session.</summary>
    public void Cancel(UploadSession session)
    {
        session.End();
        _open.Forget(session);
    }

    /// <summary>Ends the sessions of a repository that nobody has written to since <paramref name="before"/>.</summary>
    /// <returns>How many there were.</returns>
    public int Purge(RepositoryName repository, DateTimeOffset before, bool isDryRun)
    {
        var count = 0;
        var parent = new DirectoryInfo(_layout.Uploads(repository));
        foreach (var directory in parent.Exists ? parent.EnumerateDirectories() : [])
        {
            var data = new FileInfo(Path.Join(directory.FullName, "data"));
            var lastWrite = data.Exists ? data.LastWriteTimeUtc : directory.LastWriteTimeUtc;
            if (lastWrite >= before.UtcDateTime || (UploadId.TryParse(directory.Name, out var id) && !_open.TryClose(id)))
            {
                continue;
            }

            count++;
            if (!isDryRun)
            {
                directory.Delete(recursive: true);
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _open.Dispose();

    private async Task<UploadSession?> EnterAsync(RepositoryName repository, UploadId id, string? user, Func<UploadSession, Task> take)
    {
        while (_open.Find(repository, id, user) is { } session)
        {
            await take(session);
            if (!session.IsClosed)
            {
                return session;
            }

            // It ended, or was closed for want of room, before it was entered.
            session.Exit();
        }

        return null;
    }
}
