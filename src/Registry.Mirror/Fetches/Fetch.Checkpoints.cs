using Registry.Storage.Ingests;

namespace Registry.Mirror.Fetches;

/// <content>The checkpoints: what survives the end of the process.</content>
internal sealed partial class Fetch
{
    /// <summary>At least so many new bytes lie between two checkpoints, so that syncing costs little.</summary>
    private const long MinCheckpoint = 1 << 20;

    /// <summary>At most so many new bytes lie between two checkpoints, so that a kill loses little.</summary>
    private const long MaxCheckpoint = 16 << 20;

    /// <summary>Held while the partial file is synced, moved or removed; never together with the state's lock, save inside it.</summary>
    private readonly Lock _disk = new();

    private long _checkpointed;
    private bool _isCheckpointing;

    private void MayCheckpoint()
    {
        lock (_gate)
        {
            var interval = Math.Clamp((_length ?? 0) / 50, MinCheckpoint, MaxCheckpoint);
            if (_isCheckpointing || _state != FetchState.Running || _received.Received - _checkpointed < interval)
            {
                return;
            }

            _isCheckpointing = true;
        }

        RunBlocking(() =>
        {
            try
            {
                Checkpoint();
            }
            catch (IOException e)
            {
                MirrorLog.NotStored(_context.Logger, Digest, e.Message);
            }
        });
    }

    private void Checkpoint()
    {
        lock (_disk)
        {
            lock (_gate)
            {
                _isCheckpointing = false;
                if (_state != FetchState.Running)
                {
                    return;
                }

                _checkpointed = _received.Received;
            }

            var (length, segments) = Held();
            _ingest.Checkpoint(length, segments);
        }
    }

    // As of now, for transfers go on writing while what they have written is synced.
    private (long? Length, Segment[] Segments) Held()
    {
        lock (_gate)
        {
            return (_length, _received.Segments.ToArray());
        }
    }
}
