using System.Buffers;
using Registry.Storage;
using Registry.Storage.Layout;
using Registry.Storage.Uploads;

namespace Registry.Server.Uploads;

/// <summary>One request's part of an upload, which counts whole or, when it is not as long as it was said to be, not at all. For one user at a time.</summary>
/// <param name="store">The store, whose copies of what is mirrored make room when the disk is full.</param>
/// <param name="session">The session, which the caller has entered.</param>
/// <param name="length">How long the client said that it is; null: as long as it turns out to be.</param>
internal sealed class UploadChunk(Store store, UploadSession session, long? length)
{
    /// <summary>Fewest bytes that are made free when the disk is full: an eviction walks the store, and is not to be had for every piece.</summary>
    private const long EvictedAtOnce = 32 << 20;

    private readonly long _first = session.Length;
    private bool _isTooLong;

    /// <summary>Adds bytes to the session; those beyond the length are dropped.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Append(in ReadOnlySequence<byte> bytes)
    {
        _isTooLong |= session.Length - _first + bytes.Length > length;
        if (_isTooLong)
        {
            return;
        }

        try
        {
            Write(bytes);
        }
        catch (IOException e) when (DiskFull.Is(e) && store.Evictor.Evict(Math.Max(bytes.Length, EvictedAtOnce), static _ => false).Count > 0)
        {
            Write(bytes);
        }
    }

    /// <summary>Ends the chunk. When it was not as long as it was said to be, the session holds what it held before, and the answer is false.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool TryEnd()
    {
        if (!_isTooLong && (length is null || session.Length - _first == length))
        {
            return true;
        }

        session.CutBack(_first);
        return false;
    }

    private void Write(in ReadOnlySequence<byte> bytes)
    {
        if (!store.Room.TryTake(bytes.Length))
        {
            throw DiskFull.Reserved();
        }

        session.Append(bytes);
    }
}
