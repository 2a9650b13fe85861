using Registry.Mirror.Upstreams;
using Registry.Storage.Content;

namespace Registry.Mirror.Fetches;

/// <summary>
/// One reader's own stream from upstream, for a blob that the disk cannot take: nothing is kept. It goes on after failures, and like a fetch it gives the last bytes of
/// the whole only when the digest is right. One read at a time; owned by its reader.
/// </summary>
internal sealed class PassThrough : IDisposable
{
    /// <summary>Failures in a row before the reader is told.</summary>
    private const int MaxFailures = 5;

    private readonly string _upstream;
    private readonly IBlobSource[] _sources;
    private readonly Digest _digest;
    private readonly FetchContext _context;
    private readonly ContentHasher _hasher;
    private readonly byte[] _tail = new byte[Fetch.HoldBack];

    private BlobReply? _reply;
    private long _position = -1;
    private long _tailFirst = long.MaxValue;
    private int _failures;
    private bool _holdsConnection;

    public PassThrough(string upstream, IEnumerable<IBlobSource> sources, Digest digest, FetchContext context)
    {
        _upstream = upstream;
        _sources = [.. sources];
        _digest = digest;
        _context = context;
        _hasher = new ContentHasher(digest.Algorithm);
    }

    /// <summary>Length of the blob in bytes; null before a source has told it.</summary>
    public long? Length { get; private set; }

    /// <summary>Asks a source for the blob, if that has not been done; the failure when none has it.</summary>
    public async Task<UpstreamFailure?> OpenAsync(long position, CancellationToken cancellation)
    {
        if (!_holdsConnection)
        {
            await _context.Budget.EnterAsync(_upstream, cancellation);
            _holdsConnection = true;
        }

        while (_reply is null)
        {
            var reply = await _sources[_failures % _sources.Length].OpenAsync(position, null, cancellation);
            var failure = reply.Failure ?? Unusable(reply, position);
            if (failure is null)
            {
                _reply = reply;
                _position = position;
                Length ??= reply.Total;
                return null;
            }

            reply.Dispose();
            if (++_failures >= MaxFailures || failure.Kind is UpstreamFailureKind.NotFound or UpstreamFailureKind.Unauthorized)
            {
                return failure;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250 << _failures), _context.Time, cancellation);
        }

        return null;
    }

    /// <summary>Makes the digest of the bytes that the reader already had, read back from where they are.</summary>
    public void Continue(Microsoft.Win32.SafeHandles.SafeFileHandle file, long position)
    {
        var buffer = new byte[Fetch.HoldBack];
        while (_hasher.Length < position)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, position - _hasher.Length)), _hasher.Length);
            if (read == 0)
            {
                throw new BlobBrokenException($"what was received of {_digest} is gone from the disk");
            }

            _hasher.Append(buffer.AsSpan(0, read));
        }
    }

    /// <summary>Reads the next bytes at a position; 0 at the end.</summary>
    /// <param name="position">Offset in the blob: where the last read ended.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="isClosed">Whether the reader asked for a closed or suffix range, which is not verified here.</param>
    /// <param name="cancellation">The reader's own.</param>
    /// <exception cref="BlobBrokenException">The blob does not come, or is wrong.</exception>
    public async ValueTask<int> ReadAsync(long position, Memory<byte> buffer, bool isClosed, CancellationToken cancellation)
    {
        if (position >= _tailFirst)
        {
            return CopyTail(position, buffer);
        }

        if (_reply is null && await OpenAsync(position, cancellation) is { } failure)
        {
            throw new BlobBrokenException(failure.Message);
        }

        if (isClosed)
        {
            return await ReceiveAsync(buffer, cancellation);
        }

        if (Length is not { } length || _hasher.Length != position)
        {
            throw new BlobBrokenException($"{_digest} cannot be verified without being stored");
        }

        var free = length - _tail.Length - position;
        if (free > 0)
        {
            var read = await ReceiveAsync(buffer[..(int)Math.Min(buffer.Length, free)], cancellation);
            _hasher.Append(buffer.Span[..read]);
            return read;
        }

        await ReceiveTailAsync((int)(length - position), cancellation);
        _tailFirst = position;
        return CopyTail(position, buffer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reply?.Dispose();
        _hasher.Dispose();
        if (_holdsConnection)
        {
            _holdsConnection = false;
            _context.Budget.Leave(_upstream);
        }
    }

    private async Task ReceiveTailAsync(int count, CancellationToken cancellation)
    {
        var held = 0;
        while (held < count)
        {
            held += await ReceiveAsync(_tail.AsMemory(held, count - held), cancellation);
        }

        _hasher.Append(_tail.AsSpan(0, count));
        if (_hasher.Current() != _digest)
        {
            throw new BlobBrokenException($"{_upstream}: {_sources[_failures % _sources.Length].Host} sent a body whose digest is not {_digest}");
        }
    }

    private int CopyTail(long position, Memory<byte> buffer)
    {
        var rest = _tail.AsSpan((int)(position - _tailFirst), (int)(Length!.Value - position));
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer.Span);
        return rest.Length;
    }

    // At least one byte, from a further connection if need be; 0 only at the end of the blob.
    private async Task<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (Length is null || _position < Length)
        {
            if (await OpenAsync(Math.Max(_position, 0), cancellation) is { } failure)
            {
                throw new BlobBrokenException(failure.Message);
            }

            var read = await TryReceiveAsync(buffer, cancellation);
            if (read > 0)
            {
                _failures = 0;
                _position += read;
                return read;
            }

            _reply?.Dispose();
            _reply = null;
            if (Length is null || ++_failures >= MaxFailures)
            {
                throw new BlobBrokenException($"{_upstream}: {_sources[0].Host} broke off again and again");
            }
        }

        return 0;
    }

    private async Task<int> TryReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(_context.Options.StallTimeout, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
        try
        {
            return await _reply!.Body.ReadAsync(buffer, either.Token);
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return 0;
        }
    }

    private UpstreamFailure? Unusable(BlobReply reply, long position) =>
        reply.First != position || (Length is not null && reply.Total != Length)
            ? new UpstreamFailure(UpstreamFailureKind.Invalid, _upstream, $"{_upstream}: the source ignored a range, or says another length than before")
            : null;
}
