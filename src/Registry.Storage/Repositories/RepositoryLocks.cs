using Registry.Storage.Content;

namespace Registry.Storage.Repositories;

/// <summary>
/// Keeps what a manifest is made of from being deleted between the look at it and the manifest's link: pushes of manifests hold a repository together, a deletion holds
/// it alone. Thread-safe; blocking; a hold is ended by the thread that began it.
/// </summary>
public sealed class RepositoryLocks : IDisposable
{
    // Repositories share these, so that the memory does not grow.
    private readonly ReaderWriterLockSlim[] _locks = [.. Enumerable.Range(0, 64).Select(static _ => new ReaderWriterLockSlim())];

    /// <summary>Pushes a manifest: checks what it names, and links it. Others may do the same meanwhile.</summary>
    public void Push(RepositoryName name, Action push)
    {
        var held = Of(name);
        held.EnterReadLock();
        try
        {
            push();
        }
        finally
        {
            held.ExitReadLock();
        }
    }

    /// <summary>Deletes from a repository, while nobody pushes a manifest to it.</summary>
    /// <returns>What the deletion returns.</returns>
    public bool Delete(RepositoryName name, Func<bool> delete)
    {
        var held = Of(name);
        held.EnterWriteLock();
        try
        {
            return delete();
        }
        finally
        {
            held.ExitWriteLock();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_locks, static held => held.Dispose());

    private ReaderWriterLockSlim Of(RepositoryName name) => _locks[(uint)name.GetHashCode() % (uint)_locks.Length];
}
