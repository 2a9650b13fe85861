using System.Net;
using Registry.Mirror.Fetches;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>An endpoint of an upstream that answers by virtual time, with the faults that its plan wants.</summary>
internal sealed class SimulatedEndpoint(SourcePlan plan, long length, VirtualThread thread, Random random)
{
    private TimeSpan _freeAt;

    public string Host => plan.Host;

    public async Task<BlobReply> OpenAsync(SimulatedConnection connection, long first, long? last, CancellationToken cancellation)
    {
        try
        {
            var fault = ChooseFault();
            await thread.DelayAsync(plan.Latency * (0.5 + random.NextDouble()), cancellation);
            if (fault == SourceFault.SilentBeforeHeaders)
            {
                await NeverAsync(cancellation);
            }

            var reply = Failure(fault) is { } failure ? new BlobReply(connection) { Failure = failure } : Reply(connection, first, last, fault);
            if (reply.Failure is not null)
            {
                await connection.DisposeAsync();
            }

            return reply;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public int ChunkSize() => random.Next(1, plan.MaxChunk + 1);

    /// <summary>Takes the time that so many bytes take.</summary>
    public async Task SendAsync(int count, CancellationToken cancellation)
    {
        // All connections share one line, each is as fast as one can be.
        _freeAt = (_freeAt > thread.Now ? _freeAt : thread.Now) + TimeSpan.FromSeconds(count / plan.TotalRate);
        var own = TimeSpan.FromSeconds(count / plan.Rate);
        var shared = _freeAt - thread.Now;
        await thread.DelayAsync(own > shared ? own : shared, cancellation);
    }

    public Task PauseAsync(CancellationToken cancellation) => thread.DelayAsync(TimeSpan.FromMilliseconds(1), cancellation);

    public static async Task NeverAsync(CancellationToken cancellation)
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), never);
        await never.Task;
    }

    private SourceFault ChooseFault()
    {
        if (thread.Now >= plan.Outage.From && thread.Now < plan.Outage.Until)
        {
            return SourceFault.Unreachable;
        }

        return thread.Now < plan.HealsAt && random.NextDouble() < plan.FaultRate ? plan.Faults[random.Next(plan.Faults.Length)] : SourceFault.None;
    }

    private UpstreamFailure? Failure(SourceFault fault) => fault switch
    {
        SourceFault.Unreachable => Failure(UpstreamFailureKind.Unreachable, "cannot be reached"),
        SourceFault.ServerError => Failure(UpstreamFailureKind.Unavailable, "answered 503", HttpStatusCode.ServiceUnavailable),
        SourceFault.ServerErrorWithRetryAfter => Failure(UpstreamFailureKind.Unavailable, "answered 503", HttpStatusCode.ServiceUnavailable, random.Next(30)),
        SourceFault.TooManyRequests => Failure(UpstreamFailureKind.TooManyRequests, "answered 429", HttpStatusCode.TooManyRequests, random.Next(60)),
        SourceFault.NotFound => Failure(UpstreamFailureKind.NotFound, "answered 404", HttpStatusCode.NotFound),
        SourceFault.Unauthorized => Failure(UpstreamFailureKind.Unauthorized, "answered 401", HttpStatusCode.Unauthorized),
        SourceFault.WrongFirstByte => Failure(UpstreamFailureKind.Invalid, "sent another range than was asked for"),
        _ => null,
    };

    private UpstreamFailure Failure(UpstreamFailureKind kind, string what, HttpStatusCode? status = null, int? retryAfter = null) =>
        new(kind, "upstream", $"{Host} {what}") { Status = status, RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

    private BlobReply Reply(SimulatedConnection connection, long first, long? last, SourceFault fault)
    {
        var total = fault == SourceFault.OtherTotal ? length + 1 + random.Next(1000) : length;
        var etag = fault == SourceFault.OtherETag ? "\"other\"" : "\"same\"";
        if (random.NextDouble() >= plan.HonoursRanges)
        {
            Begin(connection, 0, length, false, fault);
            long? told = plan.TellsLength ? total : null;
            return new BlobReply(connection) { Body = connection, End = told, Total = told, ServedBy = Host, ETag = etag };
        }

        if (first >= length)
        {
            // RFC 9110, 15.5.17: there is no such range.
            return first == 0
                ? new BlobReply(connection) { Total = 0, IsPartial = true }
                : new BlobReply(connection) { Failure = Failure(UpstreamFailureKind.Invalid, "answered 416", HttpStatusCode.RequestedRangeNotSatisfiable) };
        }

        var end = Math.Min(last + 1 ?? length, length);
        if (fault == SourceFault.ShorterRange)
        {
            end = first + 1 + random.NextInt64(end - first);
        }

        Begin(connection, first, end, true, fault);
        return new BlobReply(connection) { Body = connection, First = first, End = end, Total = total, IsPartial = true, ServedBy = Host, ETag = etag };
    }

    private void Begin(SimulatedConnection connection, long from, long to, bool isPartial, SourceFault fault)
    {
        connection.Begin(from, to, isPartial);
        if (fault is SourceFault.Reset or SourceFault.Stall or SourceFault.EarlyEnd)
        {
            connection.Break = (fault, from + random.NextInt64(to - from + 1));
        }

        connection.WrongAt = fault == SourceFault.WrongBytes ? from + random.NextInt64(to - from + 1) : plan.WrongAt ?? -1;
    }
}
