using System.Buffers;
using Registry.Mirror.Upstreams;
using Registry.Storage.Layout;

namespace Registry.Mirror.Fetches;

/// <content>How the bytes of an answer come into the file.</content>
internal sealed partial class Fetch
{
    /// <summary>Bytes read at once. Twice Kestrel's and HttpClient's own buffers; below the large object heap.</summary>
    private const int BufferSize = 64 << 10;

    private async Task<UpstreamFailure?> CopyAsync(Transfer transfer, BlobReply reply)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (transfer.Next < transfer.End)
            {
                transfer.Cancellation.CancelAfter(_context.Options.StallTimeout);
                var read = await reply.Body.ReadAsync(buffer.AsMemory(0, BufferSize), transfer.Cancellation.Token);
                if (read == 0)
                {
                    return EndOfBody(transfer);
                }

                Store(transfer, buffer.AsSpan(0, read));
                Verify();
            }

            lock (_gate)
            {
                _speed = Blend(_speed, transfer.Speed(_context.Time));
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private UpstreamFailure? EndOfBody(Transfer transfer)
    {
        lock (_gate)
        {
            if (_length is null)
            {
                _length = transfer.Next;
                return null;
            }
        }

        return transfer.Next < transfer.End ? Failure(UpstreamFailureKind.Unreachable, transfer, "ended early") : null;
    }

    // Writes what is missing of the bytes that a transfer received; a byte that is there is never written again.
    private void Store(Transfer transfer, ReadOnlySpan<byte> bytes)
    {
        var at = transfer.Next;
        var isNew = false;
        long end;
        lock (_gate)
        {
            end = Math.Min(at + bytes.Length, transfer.End);
            transfer.Received += bytes.Length;
        }

        while (at < end)
        {
            long missing;
            long stop;
            lock (_gate)
            {
                missing = Math.Min(_received.EndOfRun(at), end);
                stop = Math.Min(_received.NextReceived(missing), end);
            }

            if (stop > missing)
            {
                var piece = bytes[(int)(missing - transfer.Next)..(int)(stop - transfer.Next)];
                Write(piece, missing);
                TryHash(piece, missing);
                isNew = true;
            }

            at = Math.Max(stop, missing);
        }

        lock (_gate)
        {
            transfer.Next = end;
            if (isNew)
            {
                transfer.Source.Succeed();
            }

            // Reading past what is held is progress, unless the source has failed since it last brought something: else it could go on so for ever.
            if (transfer.Source.Failures == 0)
            {
                _progressed = _context.Time.GetTimestamp();
            }
        }
    }

    private void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            WriteOrMakeRoom(bytes, offset);
        }
        catch (IOException e)
        {
            Fail(e);
            throw new OperationCanceledException("The disk has ended the fetch.", e);
        }

        lock (_gate)
        {
            _received.Add(offset, offset + bytes.Length);
            WakeReaders();
        }
    }

    private void WriteOrMakeRoom(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            _ingest.Write(bytes, offset);
        }
        catch (IOException e) when (DiskFull.Is(e) && _context.MakeRoom((Length ?? bytes.Length) - _received.Received))
        {
            _ingest.Write(bytes, offset);
        }
    }
}
