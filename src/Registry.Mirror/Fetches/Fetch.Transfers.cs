using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Fetches;

/// <content>The transfers: their course, from the request to its end, and what becomes of their failures.</content>
internal sealed partial class Fetch
{
    /// <summary>Failures in a row after which a source that has brought nothing is not asked again.</summary>
    private const int MaxFailures = 3;

    /// <summary>
    /// Answers in a row that deny or contradict what the same source has begun to send, after which it is not asked again: some seconds, with the pauses between them.
    /// Readers that are cut off in the middle do not come back.
    /// </summary>
    private const int MaxDenials = 6;

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
        // A use of its own: the fetch may end before this does.
        Interlocked.Increment(ref _uses);
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

        EndUse();
    }

    // The process ends: what has come is left to the next. At the end of the fetch itself there is nothing to do.
    private void Stop() => Fail(new UpstreamFailure(UpstreamFailureKind.Unavailable, _upstream, "the registry is being stopped"));

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
        catch (Exception e)
        {
            // Most are the network's. Any other must not leave a range that nobody brings.
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
            ? ((isAnswer || failure.Kind == UpstreamFailureKind.TooManyRequests) && !source.HasAnswered) || source.Failures >= MaxFailures
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
            transfer.Source.HasAnswered = true;
            _latency = Blend(_latency, latency.TotalSeconds);
            _opened.TrySetResult(null);
        }

        return null;
    }

    private static double Blend(double average, double sample) => average == 0 ? sample : (0.7 * average) + (0.3 * sample);

    private UpstreamFailure Failure(UpstreamFailureKind kind, Transfer? transfer, string what) =>
        new(kind, _upstream, transfer is null ? $"{_upstream}: {what}" : $"{_upstream}: {transfer.Source.Source.Host} {what}");
}
