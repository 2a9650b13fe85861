using Registry.Mirror.Upstreams;
using Registry.Storage.Ingests;

namespace Registry.Mirror.Fetches;

/// <content>The plan: which transfers are worth having, and which of those that run are in the way of something better.</content>
internal sealed partial class Fetch
{
    /// <summary>Largest segment: with 16 round trips' worth of bytes a connection loses 6 % to asking, and beyond this size it would only make a waiting reader wait.</summary>
    private const long MaxSegment = 64 << 20;

    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);

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

        // The place comes before the segment, since a segment may be cut out of a running transfer.
        var isOnly = _transfers.Count == 0;
        if (!isOnly && !_context.Budget.TryEnter(_upstream))
        {
            return null;
        }

        if (NextSegment() is { } segment)
        {
            return new Transfer(source, segment, holdsConnection: !isOnly, _context.Time);
        }

        if (!isOnly)
        {
            _context.Budget.Leave(_upstream);
        }

        return null;
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
            // Nothing is known yet: a range that covers most blobs whole, and tells the length of the others, for which more connections are worth their while.
            return new Segment(_received.Watermark, _received.Watermark + _context.Options.MinSegment);
        }

        if (_ignoresRanges)
        {
            return new Segment(_received.Watermark, length);
        }

        var owned = _transfers.ConvertAll(transfer => new Segment(transfer.Next, transfer.End));
        var wanted = _waiting.ConvertAll(reader => reader.Position);
        var next = SegmentPlanner.Next(_received, owned, wanted, length, SegmentSize(length));
        return next ?? Split();
    }

    // Under the lock.
    private long SegmentSize(long length)
    {
        var least = _context.Options.MinSegment;

        // Of all that is to come, also what others are bringing: so that the connections are done together, and not each later than the one before.
        var share = (length - _received.Received) / _context.Options.Connections;
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

        if (slowest is null || longest < WorthCutting())
        {
            return null;
        }

        var end = slowest.End;
        slowest.End = slowest.Next + ((end - slowest.Next) / 2);
        slowest.IsCut = true;
        return new Segment(slowest.End, end);
    }

    // Under the lock. Seconds that a connection must be away from some bytes before another one is worth asking for them: what is under way on the first when it is cut
    // is lost, and it takes some round trips to ask.
    private double WorthCutting() => Math.Max(4 * _latency, 0.5);

    // Under the lock. Sees to it that a byte for which a reader waits can be brought soon; whether a transfer may have to be started for it.
    private bool MakeWay(long missing)
    {
        if (_length is not { } length || _ignoresRanges || missing >= length || _context.Options.Connections == 1)
        {
            return _transfers.Count == 0;
        }

        foreach (var transfer in _transfers)
        {
            if (transfer.Next <= missing && missing < transfer.End)
            {
                var speed = transfer.Speed(_context.Time);
                if (speed == 0 || (missing - transfer.Next) / speed < WorthCutting())
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

    private void Tick()
    {
        bool hopeless;
        bool contested;
        lock (_gate)
        {
            if (_transfers.Exists(transfer => !transfer.HoldsConnection))
            {
                // To stand in line for a connection is no failure.
                _progressed = _context.Time.GetTimestamp();
            }

            contested = _isContested;
            hopeless = _state == FetchState.Running && _context.Time.GetElapsedTime(_progressed) > _context.Options.RetryFor;
            ReplaceSlowest();
            _waiting.ForEach(reader => MakeWay(_received.EndOfRun(reader.Position)));
        }

        if (hopeless)
        {
            // Where sources differ about the length, what is here may be the wrong one's, and in the way of every further fetch.
            Fail(Failure(UpstreamFailureKind.Timeout, null, $"no byte has come for {_context.Options.RetryFor.TotalSeconds:0} s"), discard: contested);
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
}
