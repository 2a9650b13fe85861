using System.Buffers;
using Registry.Mirror.Upstreams;
using Registry.Storage.Ingests;
using Registry.Storage.Layout;

namespace Registry.Mirror.Fetches;

/// <content>The transfers: which run, what they bring, and what becomes of their failures.</content>
internal sealed partial class Fetch
{
    /// <summary>Bytes read at once. Twice Kestrel's and HttpClient's own buffers; below the large object heap.</summary>
    private const int BufferSize = 64 << 10;

    /// <summary>Largest segment: with 16 round trips' worth of bytes a connection loses 6 % to asking, and beyond this size it would only make a waiting reader wait.</summary>
    private const long MaxSegment = 64 << 20;

    /// <summary>Failures in a row after which a source that has brought nothing is not asked again.</summary>
    private const int MaxFailures = 3;

    /// <summary>
    /// Answers in a row that deny or contradict what the same source has begun to send, after which it is not asked again: some seconds, with the pauses between them.
    /// Readers that are cut off in the middle do not come back.
    /// </summary>
    private const int MaxDenials = 6;

    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a transfer may take to bring its headers, on top of what the client of the upstream allows for each step.</summary>
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(60);

    private readonly string _upstream;
    private readonly FetchSource[] _sources;
    private readonly List<Transfer> _transfers = [];
    private readonly long _started;
    private readonly long _restored;

    private ITimer? _tick;
    private bool _ignoresRanges;
    private bool _isContested;
    private long _progressed;
    private double _speed;
    private double _latency;
    private int _requests;
    private int _mostTransfers;
    private UpstreamFailure? _failure;
    private IOException? _diskError;

    /// <summary>Begins; to be called once.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_length is not null)
            {
                _opened.TrySetResult(null);
            }

            _tick = _context.Time.CreateTimer(static state => ((Fetch)state!).Tick(), this, TickPeriod, TickPeriod);
        }

        _stopping.Token.UnsafeRegister(static state => ((Fetch)state!).Stop(), this);
        Pump();
        if (_restored > 0)
        {
            RunBlocking(Verify);
        }
    }

    // The process ends: what has come is left to the next. At the end of the fetch itself there is nothing to do.
    private void Stop() => Fail(new UpstreamFailure(UpstreamFailureKind.Unavailable, _upstream, "the registry is being stopped"));

    // Starts every transfer that is worth one.
    private void Pump()
    {
        while (true)
        {
            Transfer? transfer;
            lock (_gate)
            {
                transfer = Plan();
                if (transfer is null)
                {
                    return;
                }

                _transfers.Add(transfer);
                Interlocked.Increment(ref _uses);
                _mostTransfers = Math.Max(_mostTransfers, _transfers.Count);
            }

            _ = RunAsync(transfer);
        }
    }

    // Under the lock.
    private Transfer? Plan()
    {
        if (_state != FetchState.Running || _stopping.IsCancellationRequested || _received.Received == _length || ChooseSource() is not { } source)
        {
            return null;
        }

        if (_transfers.Count > 0 && (_length is null || _ignoresRanges || _transfers.Count >= _context.Options.Connections))
        {
            return null;
        }

        if (NextSegment() is not { } segment)
        {
            return null;
        }

        var isOnly = _transfers.Count == 0;
        return isOnly || _context.Budget.TryEnter(_upstream) ? new Transfer(source, segment, holdsConnection: !isOnly, _context.Time) : null;
    }

    // Under the lock.
    private FetchSource? ChooseSource()
    {
        // The one with the fewest transfers, so that all endpoints carry their share; the first among equals.
        FetchSource? best = null;
        var fewest = int.MaxValue;
        foreach (var source in _sources)
        {
            if (source.Banned is null && source.NotBefore <= _context.Time.GetUtcNow())
            {
                var transfers = _transfers.Count(transfer => transfer.Source == source);
                if (transfers < fewest)
                {
                    (best, fewest) = (source, transfers);
                }
            }
        }

        return best;
    }

    // Under the lock.
    private Segment? NextSegment()
    {
        if (_length is not { } length)
        {
            // Nothing is known yet: a range that covers most blobs whole, and tells the length of the others.
            return new Segment(_received.Watermark, _received.Watermark + (2 * _context.Options.MinSegment));
        }

        if (_ignoresRanges)
        {
            return new Segment(_received.Watermark, length);
        }

        var owned = _transfers.ConvertAll(transfer => new Segment(transfer.Next, transfer.End));
        var wanted = _waiting.ConvertAll(reader => reader.Position);
        var next = SegmentPlanner.Next(_received, owned, wanted, length, SegmentSize(length, owned));
        return next ?? Split();
    }

    // Under the lock.
    private long SegmentSize(long length, List<Segment> owned)
    {
        var least = _context.Options.MinSegment;
        var share = SegmentPlanner.Free(_received, owned, length) / _context.Options.Connections;
        var worthAsking = (long)(16 * _speed * _latency);
        return Math.Clamp(Math.Min(worthAsking, share), least, Math.Max(least, MaxSegment));
    }

    // Under the lock. Takes the second half of the range that will last longest, when that is worth a request.
    private Segment? Split()
    {
        Transfer? slowest = null;
        var longest = 0.0;
        foreach (var transfer in _transfers)
        {
            var left = transfer.End - transfer.Next;
            var speed = transfer.Speed(_context.Time);
            if (left >= 2 * _context.Options.MinSegment && speed > 0 && left / speed > longest)
            {
                (slowest, longest) = (transfer, left / speed);
            }
        }

        if (slowest is null || longest < 4 * _latency)
        {
            return null;
        }

        var end = slowest.End;
        slowest.End = slowest.Next + ((end - slowest.Next) / 2);
        slowest.IsCut = true;
        return new Segment(slowest.End, end);
    }

    // Under the lock. Sees to it that a byte for which a reader waits can be brought soon; whether a transfer may have to be started for it.
    private bool MakeWay(long missing)
    {
        if (_length is not { } length || _ignoresRanges || missing >= length)
        {
            return _transfers.Count == 0;
        }

        foreach (var transfer in _transfers)
        {
            if (transfer.Next <= missing && missing < transfer.End)
            {
                if (missing - transfer.Next < _context.Options.MinSegment)
                {
                    return false;
                }

                transfer.End = missing;
                transfer.IsCut = true;
                break;
            }
        }

        if (_transfers.Count >= _context.Options.Connections)
        {
            CutFarthest();
        }

        return true;
    }

    // Under the lock. Ends the transfer that is farthest ahead of what any reader waits for, unless one is ending so already.
    private void CutFarthest()
    {
        Transfer? farthest = null;
        foreach (var transfer in _transfers)
        {
            if (transfer.IsStopping)
            {
                return;
            }

            var isWaitedFor = _waiting.Exists(reader =>
                _received.EndOfRun(reader.Position) is var missing && transfer.Next <= missing && missing < Math.Max(transfer.End, transfer.Next + 1));
            if (!isWaitedFor && (farthest is null || transfer.Next > farthest.Next))
            {
                farthest = transfer;
            }
        }

        if (farthest is not null)
        {
            Cut(farthest);
        }
    }

    // Under the lock. What the transfer has not brought is brought anew.
    private void Cut(Transfer transfer)
    {
        transfer.IsCut = true;
        transfer.IsStopping = true;
        RunBlocking(transfer.Stop);
    }

    private async Task RunAsync(Transfer transfer)
    {
        await using var stopping = _stopping.Token.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), transfer.Cancellation);
        var failure = default(UpstreamFailure);
        try
        {
            if (!transfer.HoldsConnection)
            {
                await _context.Budget.EnterAsync(_upstream, transfer.Cancellation.Token);
                transfer.HoldsConnection = true;
            }

            failure = await TransferAsync(transfer);
        }
        catch (OperationCanceledException)
        {
            failure = transfer.IsCut || _stopping.IsCancellationRequested
                ? null
                : Failure(UpstreamFailureKind.Timeout, transfer, $"sent nothing for {_context.Options.StallTimeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            failure = Failure(UpstreamFailureKind.Unreachable, transfer, $"broke off ({e.Message})");
        }
        finally
        {
            if (transfer.HoldsConnection)
            {
                _context.Budget.Leave(_upstream);
            }
        }

        Finish(transfer, failure);
    }

    private void Finish(Transfer transfer, UpstreamFailure? failure)
    {
        UpstreamFailure? fatal = null;
        lock (_gate)
        {
            _transfers.Remove(transfer);
            if (failure is not null && !transfer.IsCut && _state == FetchState.Running)
            {
                fatal = Judge(transfer.Source, failure);
            }
        }

        transfer.Dispose();
        if (fatal is not null)
        {
            // What contradicts itself is not worth going on from.
            Fail(fatal, discard: fatal.Kind == UpstreamFailureKind.Invalid);
        }

        Verify();
        Pump();
        EndUse();
    }

    // Under the lock. What a failure means for its source, and whether it ends the fetch.
    private UpstreamFailure? Judge(FetchSource source, UpstreamFailure failure)
    {
        MirrorLog.TransferFailed(_context.Logger, Digest, failure.Message);
        source.Fail(failure, _context.Time.GetUtcNow(), _context.Random);
        var hasNothing = _received.Received == 0 && !_transfers.Exists(static other => other.OpenedAt is not null);
        var isAnswer = failure.Kind is UpstreamFailureKind.NotFound or UpstreamFailureKind.Unauthorized;
        var isHopeless = hasNothing
            ? isAnswer || failure.Kind == UpstreamFailureKind.TooManyRequests || source.Failures >= MaxFailures
            : (isAnswer || failure.Kind == UpstreamFailureKind.Invalid) && source.Failures >= MaxDenials;
        if (isHopeless)
        {
            source.Banned = failure;
        }

        return Array.TrueForAll(_sources, other => other.Banned is not null) ? _sources[0].Banned : null;
    }

    private async Task<UpstreamFailure?> TransferAsync(Transfer transfer)
    {
        long? last = _ignoresRanges ? null : transfer.End - 1;
        transfer.Cancellation.CancelAfter(OpenTimeout);
        var asked = _context.Time.GetTimestamp();
        Interlocked.Increment(ref _requests);
        using var reply = await transfer.Source.Source.OpenAsync(transfer.Next, last, transfer.Cancellation.Token);
        if (reply.Failure is not null)
        {
            return reply.Failure;
        }

        if (Accept(transfer, reply, _context.Time.GetElapsedTime(asked)) is { } refused)
        {
            return refused;
        }

        // More connections are worth their while only now that the length is known.
        Pump();
        return await CopyAsync(transfer, reply);
    }

    // Compares an answer with what is known of the blob, before a byte of it is used.
    private UpstreamFailure? Accept(Transfer transfer, BlobReply reply, TimeSpan latency)
    {
        lock (_gate)
        {
            if (_length is not null && reply.Total is not null && reply.Total != _length)
            {
                _isContested = true;
                return Failure(UpstreamFailureKind.Invalid, transfer, $"says that the blob has {reply.Total} bytes; it was {_length} before");
            }

            if (!transfer.Source.Agrees(reply.ServedBy, reply.ETag))
            {
                return Failure(UpstreamFailureKind.Invalid, transfer, "sent another entity tag in the middle of a blob");
            }

            if (!reply.IsPartial)
            {
                if (_transfers.Count > 1)
                {
                    return Failure(UpstreamFailureKind.Invalid, transfer, "ignored a range");
                }

                // One stream from the beginning: what is held already is read past.
                _ignoresRanges = true;
                transfer.Next = 0;
                transfer.End = reply.Total ?? long.MaxValue;
            }

            _length ??= reply.Total;
            transfer.End = Math.Min(transfer.End, reply.End ?? _length ?? long.MaxValue);
            transfer.OpenedAt = _context.Time.GetTimestamp();
            _latency = Blend(_latency, latency.TotalSeconds);
            _opened.TrySetResult(null);
        }

        return null;
    }

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

    private void Tick()
    {
        bool hopeless;
        lock (_gate)
        {
            hopeless = _state == FetchState.Running && _context.Time.GetElapsedTime(_progressed) > _context.Options.RetryFor;
            ReplaceSlowest();
        }

        if (hopeless)
        {
            Fail(Failure(UpstreamFailureKind.Timeout, null, $"no byte has come for {_context.Options.RetryFor.TotalSeconds:0} s"));
        }

        Pump();
    }

    // Under the lock. Cuts a transfer that is much slower than the others and has far to go: its rest is brought anew.
    private void ReplaceSlowest()
    {
        if (_transfers.Count < 3)
        {
            return;
        }

        var speeds = _transfers.ConvertAll(transfer => transfer.Speed(_context.Time));
        speeds.Sort();
        var median = speeds[speeds.Count / 2];
        foreach (var transfer in _transfers)
        {
            var speed = transfer.Speed(_context.Time);
            var runs = transfer.OpenedAt is { } opened ? _context.Time.GetElapsedTime(opened) : TimeSpan.Zero;
            var left = transfer.End - transfer.Next;
            if (!transfer.IsCut && runs > TimeSpan.FromSeconds(5) && speed < median / 4 && left / Math.Max(speed, 1) > 10 && left >= _context.Options.MinSegment)
            {
                Cut(transfer);
                return;
            }
        }
    }

    private static double Blend(double average, double sample) => average == 0 ? sample : (0.7 * average) + (0.3 * sample);

    private UpstreamFailure Failure(UpstreamFailureKind kind, Transfer? transfer, string what) =>
        new(kind, _upstream, transfer is null ? $"{_upstream}: {what}" : $"{_upstream}: {transfer.Source.Source.Host} {what}");
}
