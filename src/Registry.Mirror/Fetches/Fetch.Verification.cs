using System.Buffers;
using Registry.Storage.Content;

namespace Registry.Mirror.Fetches;

/// <content>The hash that follows the contiguous prefix, and what it comes to.</content>
internal sealed partial class Fetch
{
    private readonly Lock _hashing = new();
    private readonly ContentHasher _hasher;

    // Hashes bytes as they come, when they are the next ones and nobody else is hashing.
    private void TryHash(ReadOnlySpan<byte> bytes, long offset)
    {
        if (_hashing.TryEnter())
        {
            try
            {
                if (_hasher.Length == offset)
                {
                    _hasher.Append(bytes);
                }
            }
            finally
            {
                _hashing.Exit();
            }
        }
    }

    // Hashes what the contiguous prefix holds and the hash does not, reading it back; ends the fetch when that is all. Whoever has received bytes calls it.
    private void Verify()
    {
        while (_hashing.TryEnter())
        {
            Digest? digest = null;
            try
            {
                digest = CatchUp() ? _hasher.Current() : null;
            }
            catch (IOException e)
            {
                Fail(e);
                return;
            }
            finally
            {
                _hashing.Exit();
            }

            if (digest is not null)
            {
                Conclude(digest.Value);
                return;
            }

            lock (_gate)
            {
                if (_hasher.Length >= _received.Watermark || _state != FetchState.Running)
                {
                    break;
                }
            }
        }

        MayCheckpoint();
    }

    private bool CatchUp()
    {
        byte[]? buffer = null;
        try
        {
            while (true)
            {
                long watermark;
                lock (_gate)
                {
                    watermark = _received.Watermark;
                    if (_state != FetchState.Running || _hasher.Length == watermark)
                    {
                        return _state == FetchState.Running && watermark == _length;
                    }
                }

                buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
                var count = (int)Math.Min(BufferSize, watermark - _hasher.Length);
                var read = RandomAccess.Read(_ingest.Handle, buffer.AsSpan(0, count), _hasher.Length);
                if (read == 0)
                {
                    throw new IOException("The partial file is shorter than what was written to it.");
                }

                _hasher.Append(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private void Conclude(Digest digest)
    {
        if (digest != Digest)
        {
            Reject(digest);
            return;
        }

        RepositoryName[] places;
        lock (_gate)
        {
            if (_state != FetchState.Running)
            {
                return;
            }

            _state = FetchState.Verified;
            places = [.. _places];
            WakeReaders();
        }

        RunBlocking(() => Complete(places));
    }
}
