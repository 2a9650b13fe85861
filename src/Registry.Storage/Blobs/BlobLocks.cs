using Registry.Storage.Content;

namespace Registry.Storage.Blobs;

/// <summary>
/// One lock for each blob: whoever finds that a blob is there and says so, by a link or to a client, does both under it, and so does who finds that nobody needs it and
/// removes it. Thread-safe. Nothing is synced under one.
/// </summary>
internal sealed class BlobLocks
{
    // Blobs share these, so that the memory does not grow; what is held up is a few system calls.
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(static _ => new Lock())];

    /// <summary>The lock of a blob. No other is taken under it.</summary>
    public Lock Of(Digest digest) => _locks[(uint)digest.GetHashCode() % (uint)_locks.Length];
}
